/**
 * One file on its way into the library, from the moment it is dropped until it is there: its state, and what an editor
 * writes about it meanwhile.
 */

import { amend, forget, keep, keepFile } from './keeping.js';
import { ask, cancel, finish, post } from './server.js';
import { say } from './texts.js';
import { Transfer } from './transfer.js';

/** Milliseconds after the last key before what was written is sent. */
const SAVE_DELAY = 700;
const POLL_DELAY = 1000;

export const ACTIVE = new Set(['uploading', 'reconnecting', 'finishing', 'importing']);
export const PROBLEMS = new Set(['failed', 'refused', 'missing', 'duplicate']);
export const OVER = new Set(['done', 'duplicate', 'refused']);

export class Item {
  constructor(queue, { id, name, size, file = null, url = null, details = {}, unsaved = {}, target = null, ...rest }) {
    this.queue = queue;
    this.id = id ?? crypto.getRandomValues(new Uint32Array(4)).join('-');
    Object.assign(this, { name, size, file, url, details: { ...details }, unsaved: { ...unsaved }, target });
    Object.assign(this, { modified: rest.modified ?? file?.lastModified ?? 0, added: rest.added ?? Date.now() });
    this.isImport = Boolean(rest.isImport);
    this.sent = rest.sent ?? 0;
    this.state = 'waiting';
    this.reason = '';
    this.saving = '';
    this.asset = null;
    this.release = null;
  }

  get share() {
    if (OVER.has(this.state)) return 1;
    return this.size ? Math.min(this.sent / this.size, 1) : 0;
  }

  /** The kind of file that its name promises, until the server knows better. */
  get kind() {
    return this.asset?.kind ?? this.queue.kinds[this.name.split('.').pop().toLowerCase()] ?? 'document';
  }

  become(state, reason = '') {
    this.state = state;
    this.reason = reason;
    if (OVER.has(state)) forget(this.id);
    this.queue.changed(this);
  }

  remember() {
    const { id, name, size, url, details, unsaved, modified, added } = this;
    return keep({ id, name, size, url, details, unsaved, modified, added, user: this.queue.user });
  }

  /** Keep the file for after a reload, unless it has arrived before that is done. */
  async keepFile() {
    if (!this.isUnfinished) return;
    await keepFile(this.id, this.file);
    if (!this.isUnfinished) await forget(this.id);
  }

  get isUnfinished() {
    return Boolean(this.file) && !OVER.has(this.state) && this.state !== 'cancelled';
  }

  // Sending

  start() {
    if (this.isImport) {
      this.become('importing');
      this.poll();
      return;
    }
    this.become('uploading');
    this.transfer = new Transfer(
      {
        file: this.file,
        endpoint: this.queue.endpoint,
        url: this.url,
        metadata: () => ({ filename: this.name, filetype: this.file.type, ...this.details, ...this.unsaved }),
        partBytes: this.queue.partBytes,
      },
      {
        url: (url) => this.hasUrl(url),
        progress: (sent) => this.progress(sent),
        reconnecting: (message) => this.become('reconnecting', message),
        done: () => this.settle(),
        gone: (message) => this.startAnew(message),
        missing: (message) => this.lose(message),
        failed: (message, status) => this.fail(message, status),
        refused: (message) => this.become('refused', message),
      },
    );
    this.transfer.start();
  }

  hasUrl(url) {
    const isNew = this.url !== url;
    this.url = url;
    amend(this.id, { url });
    // What was written before there was an address went along with the creation.
    if (isNew) this.save();
  }

  progress(sent) {
    this.sent = sent;
    if (this.state === 'reconnecting') this.become('uploading');
    else if (sent === this.size && this.state === 'uploading') this.become('finishing');
    else this.queue.changed(this);
  }

  /** The upload is not there any more: it was cancelled in another window, was refused, or is too old. */
  async startAnew(message) {
    const upload = await this.look();
    if (upload?.state === 'refused') {
      this.become('refused', upload.reason);
    } else if (this.file && !this.startedAnew) {
      this.startedAnew = true;
      this.url = null;
      this.sent = 0;
      this.start();
    } else {
      this.become('failed', message);
    }
  }

  lose(message) {
    this.file = null;
    this.become('missing', message);
  }

  async fail(message, status) {
    const upload = status === 422 && (await this.look());
    this.become(upload?.state === 'refused' ? 'refused' : 'failed', message);
  }

  async look() {
    try {
      return await ask(this.url);
    } catch {
      return null;
    }
  }

  /** All bytes are there: see what has become of them. */
  async settle() {
    this.sent = this.size;
    this.become('finishing');
    try {
      let upload = await ask(this.url);
      if (upload.state === 'receiving' || upload.state === 'received') {
        await finish(this.url, this.size);
        upload = await ask(this.url);
      }
      await this.take(upload);
    } catch (error) {
      await this.fail(error.message, error.status);
    }
  }

  async take(upload) {
    this.name = upload.filename;
    if (upload.state === 'refused') {
      this.become('refused', upload.reason);
      return;
    }
    this.asset = upload.asset;
    await this.save();
    // What only looks alike is told, and needs nobody: a hundred pictures of one race do.
    this.become(this.asset?.duplicate?.isSameFile ? 'duplicate' : 'done');
    this.queue.arrived(this);
  }

  /** Ask how far a worker is that fetches the file. */
  async poll() {
    const upload = await this.look();
    if (!this.isImport || this.state !== 'importing') return;
    if (upload) {
      this.name = upload.filename;
      this.size = upload.size ?? 0;
      this.sent = upload.offset;
      if (upload.state === 'finished' || upload.state === 'refused') {
        await this.take(upload);
        return;
      }
      if (upload.reason) {
        this.become('failed', upload.reason);
        return;
      }
      this.queue.changed(this);
    }
    this.timer = setTimeout(() => this.poll(), POLL_DELAY);
  }

  // What an editor may do

  pause() {
    this.transfer?.stop();
    if (this.state === 'waiting' || (ACTIVE.has(this.state) && this.state !== 'finishing')) this.become('paused');
  }

  resume() {
    if (this.state === 'paused') this.become('waiting');
  }

  async retry() {
    if (this.isImport) {
      await post(`${this.url}retry/`, {});
      this.start();
      return;
    }
    if (this.sent === this.size && this.url && !this.file) {
      await this.settle();
      return;
    }
    this.become('waiting');
  }

  async cancel() {
    this.transfer?.stop();
    clearTimeout(this.timer);
    this.state = 'cancelled';
    await forget(this.id);
    this.release?.();
    this.queue.drop(this);
    if (this.url) await cancel(this.url).catch(() => {});
  }

  async useExisting() {
    const upload = await post(`${this.url}use-existing/`, {});
    this.asset = upload.asset;
    this.usesExisting = true;
    this.become('done');
    this.queue.arrived(this);
  }

  keepBoth() {
    this.keepsBoth = true;
    this.become('done');
  }

  /** What the library had already, while nobody has said what to do about it. */
  get existing() {
    return OVER.has(this.state) && !this.usesExisting && !this.keepsBoth ? this.asset?.duplicate : null;
  }

  // What is written about it

  write(name, value) {
    this.unsaved[name] = value;
    amend(this.id, { unsaved: this.unsaved });
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => this.save(), SAVE_DELAY);
    this.tellSaving(this.url ? say('saving') : '');
  }

  valueOf(name) {
    return this.unsaved[name] ?? this.asset?.details[name] ?? this.details[name] ?? '';
  }

  get hasUnsaved() {
    return Object.keys(this.unsaved).length > 0;
  }

  async save() {
    clearTimeout(this.saveTimer);
    if (!this.url || !this.hasUnsaved || this.isSaving) return;
    const sending = { ...this.unsaved };
    this.isSaving = true;
    try {
      const upload = await post(`${this.url}details/`, sending, { keepalive: true });
      Object.assign(this.details, sending);
      // Unless something else has been written in the meantime.
      Object.entries(sending).forEach(([name, value]) => {
        if (this.unsaved[name] === value) delete this.unsaved[name];
      });
      if (upload.asset) this.asset = upload.asset;
      amend(this.id, { details: this.details, unsaved: this.unsaved });
      this.tellSaving(say('saved'));
    } catch (error) {
      this.tellSaving(say('notSaved', { reason: error.status ? error.message : say('reconnecting') }));
      if (!error.status) this.saveTimer = setTimeout(() => this.save(), 5000);
    } finally {
      this.isSaving = false;
    }
    if (this.hasUnsaved && this.saving === say('saved')) await this.save();
  }

  tellSaving(text) {
    this.saving = text;
    this.queue.changed(this);
  }
}
