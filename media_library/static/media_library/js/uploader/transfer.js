/** The bytes of one file on their way, by tus. */

import { explain, headers, messageOf } from './server.js';
import { say } from './texts.js';

/** Milliseconds before the next try: doubled each time, up to the last, and never in step with other files. */
const FIRST_PAUSE = 1000;
const LAST_PAUSE = 30_000;
/** Tries after answers that say that the server has a problem; without a connection, there is no limit. */
const PATIENCE = 6;

const CHANGED_MEANWHILE = 409;
const BUSY = 423;
const NO_ROOM = 507;

/** What went wrong: whether to try again by itself, and what to say. */
const judge = (error) => {
  const response = error.originalResponse;
  if (!response) {
    const unreadable = !error.originalRequest || /NotReadable|NotFound/.test(String(error.causingError));
    return unreadable ? { missing: true, message: say('unreadable') } : { again: true, patience: Infinity };
  }
  const status = response.getStatus();
  const message = explain(status, messageOf(response.getBody()));
  if (status === 404 || status === 410) return { gone: true, message };
  const again = status === CHANGED_MEANWHILE || status === BUSY || (status >= 500 && status !== NO_ROOM);
  return { again, patience: PATIENCE, status, message, refused: status === 413 };
};

const isReadable = (file) =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );

export class Transfer {
  /**
   * `on` is told of what happens: url(url), progress(sent), reconnecting(), done(), gone(message), missing(message),
   * failed(message), refused(message).
   */
  constructor({ file, endpoint, url, metadata, partBytes }, on) {
    Object.assign(this, { file, endpoint, url, metadata, partBytes, on });
    this.tries = 0;
    this.stopped = false;
    this.hurry = this.hurry.bind(this);
  }

  start() {
    window.addEventListener('online', this.hurry);
    this.send();
  }

  /** Stop sending, and keep what has arrived. */
  stop() {
    this.stopped = true;
    window.removeEventListener('online', this.hurry);
    clearTimeout(this.timer);
    return this.upload?.abort();
  }

  hurry() {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.tries = 0;
    this.send();
  }

  send() {
    this.timer = null;
    this.upload = new window.tus.Upload(this.file, {
      endpoint: this.endpoint,
      uploadUrl: this.url,
      chunkSize: this.partBytes,
      metadata: this.metadata(),
      // What is remembered is remembered by keeping.js, and tries are counted here.
      storeFingerprintForResuming: false,
      retryDelays: [],
      onBeforeRequest: (request) => {
        Object.entries(headers()).forEach(([name, value]) => request.setHeader(name, value));
      },
      onUploadUrlAvailable: () => {
        this.url = this.upload.url;
        this.on.url(this.url);
      },
      onProgress: (sent) => this.on.progress(sent),
      onChunkComplete: () => {
        this.tries = 0;
      },
      onSuccess: () => this.end('done'),
      onError: (error) => this.fail(error),
    });
    this.upload.start();
  }

  async fail(error) {
    if (this.stopped) return;
    let problem = judge(error);
    // A file that was moved or changed meanwhile looks like a connection that is gone.
    if (problem.patience === Infinity && !(await isReadable(this.file))) {
      problem = { missing: true, message: say('unreadable') };
    }
    if (this.stopped) return;
    if (problem.again && this.tries < problem.patience) {
      this.tries += 1;
      const pause = Math.min(FIRST_PAUSE * 2 ** (this.tries - 1), LAST_PAUSE);
      this.timer = setTimeout(() => this.send(), pause * (0.75 + Math.random() / 2));
      this.on.reconnecting(problem.message ?? '');
      return;
    }
    const outcome = ['missing', 'gone', 'refused'].find((name) => problem[name]) ?? 'failed';
    this.end(outcome, problem.message || say('failed'), problem.status);
  }

  end(outcome, ...details) {
    window.removeEventListener('online', this.hurry);
    this.on[outcome](...details);
  }
}
