/** Files on their way into the library: small ones in one request, large ones in parts that go on where they stopped. */

import type { FileReader, UploadOptions as TusOptions } from 'tus-js-client';

import { DarkroomError, errorFrom, errorWithoutAnswer, NetworkError, ServerError, ThrottledError } from './errors.js';
import type { components } from './generated/media.js';
import type { CallOptions, Http } from './http.js';
import type { AnyAsset } from './media.js';
import { sleep } from './waiting.js';

const LARGE = 5 * 1024 ** 2;
const PART = 8 * 1024 ** 2;
const RETRY_DELAYS: readonly number[] = [0, 1, 3, 5];
const UPLOADS = '/api/media/uploads/';

/** What became of one of many files: an `asset`, or a `problem` with a `code`. */
export type UploadResult = components['schemas']['UploadResult'];

type UploadState = components['schemas']['Upload'];

/** What is said of a file; a title that is left out is made from the file. */
export type UploadFields = components['schemas']['UploadFields'];

export interface UploadProgress {
  /** Bytes. */
  sent: number;
  /** Bytes. */
  total: number;
}

export interface UploadOptions extends CallOptions {
  /** For a `Blob`, which has no name; its end says nothing of what is in it. */
  filename?: string | undefined;
  onProgress?: ((progress: UploadProgress) => void) | undefined;
  /** Whether it goes on where it stopped; by default what is larger than 5 MB does. */
  resumable?: boolean | undefined;
  /** Where an upload goes on that was stopped: what `onAddress` was told. Browsers remember it by themselves. */
  resumeFrom?: string | undefined;
  onAddress?: ((url: string) => void) | undefined;
  /** Of your own, for what is sent again by another process: the same file and key make one asset. */
  idempotencyKey?: string | undefined;
  /** Seconds to wait before each further attempt; none is made for what the server refuses. */
  retryDelays?: readonly number[] | undefined;
  /** Bytes of one request of a large file, for proxies that let no more through. */
  partSize?: number | undefined;
}

export function uploads(http: Http) {
  /** In one request, again with the same key where no answer came. */
  async function sendWhole(file: Blob, name: string, fields: UploadFields, options: UploadOptions): Promise<AnyAsset> {
    const { signal, onProgress, idempotencyKey = randomKey(), retryDelays = RETRY_DELAYS } = options;
    for (let attempt = 0; ; attempt++) {
      const body = formOf(fields);
      body.append('file', file, name);
      onProgress?.({ sent: 0, total: file.size });
      try {
        const headers = { 'Idempotency-Key': idempotencyKey };
        const asset = await http.json<AnyAsset>('POST', '/api/media/', { body, headers, signal });
        onProgress?.({ sent: file.size, total: file.size });
        return asset;
      } catch (error) {
        const delay = retryDelays[attempt];
        if (delay === undefined || !mayPass(error)) throw error;
        await sleep(error.retryAfter ?? delay, signal);
      }
    }
  }

  /** By tus 1.0; returns the id of the asset. */
  async function sendInParts(file: Blob, name: string, fields: UploadFields, options: UploadOptions): Promise<number> {
    const { signal, onProgress, onAddress, resumeFrom, retryDelays = RETRY_DELAYS, partSize = PART } = options;
    const { Upload } = await tus();
    const settings: TusOptions = {
      endpoint: http.url(UPLOADS),
      metadata: metadataOf(name, fields, options.idempotencyKey),
      chunkSize: partSize,
      retryDelays: retryDelays.map((seconds) => seconds * 1000),
      removeFingerprintOnSuccess: true,
      onProgress: (sent, total) => onProgress?.({ sent, total }),
      onUploadUrlAvailable: () => upload.url && onAddress?.(upload.url),
      onBeforeRequest: async (request) => {
        for (const [key, value] of Object.entries(await http.headers())) request.setHeader(key, value);
        const xhr: unknown = request.getUnderlyingObject();
        if (xhr && http.credentials === 'include') Object.assign(xhr, { withCredentials: true });
      },
    };
    // Node's part of the tus client reads no Blob.
    if (typeof XMLHttpRequest === 'undefined') settings.fileReader = blobReader;
    if (resumeFrom) settings.uploadUrl = resumeFrom;
    const outcome = new Promise<TusAnswer>((resolve, reject) => {
      settings.onSuccess = ({ lastResponse }) => resolve(lastResponse);
      settings.onError = reject;
    });
    outcome.catch(() => undefined); // It is heard below, unless it comes too early.
    const upload = new Upload(file, settings);
    const stop = () => {
      void upload.abort();
      settings.onError?.(new Error('stopped'));
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const [previous] = resumeFrom ? [] : await upload.findPreviousUploads();
      if (previous) upload.resumeFromPreviousUpload(previous);
      signal?.throwIfAborted();
      upload.start();
      const location = (await outcome).getHeader('Content-Location');
      if (location) return Number(location.match(/(\d+)\/$/)?.[1]);
    } catch (error) {
      throw tusError(error, signal);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    // Some headers are not shown to scripts of another origin.
    const { asset, reason } = await http.fetchJson<UploadState>('GET', upload.url!, { signal });
    if (asset === null) throw new DarkroomError(reason, { code: 'not_taken_in' });
    return asset;
  }

  return {
    /**
     * Upload one file. On Node, `await openAsBlob(path)` of `node:fs` is one that is read as it is sent.
     *
     *     const asset = await darkroom.uploadMedia(file, { alt_text: 'Boats at dawn' }, { onProgress, signal });
     */
    async uploadMedia(file: Blob, fields: UploadFields = {}, options: UploadOptions = {}): Promise<AnyAsset> {
      const { resumable = file.size > LARGE, signal } = options;
      const name = options.filename ?? nameOf(file);
      if (!resumable && !options.resumeFrom) return sendWhole(file, name, fields, options);
      const id = await sendInParts(file, name, fields, options);
      return http.json('GET', `/api/media/${id}/`, { signal });
    },

    /** Upload up to 100 files in one request, with a result for each. */
    async bulkUpload(
      files: readonly File[],
      fields: UploadFields = {},
      { signal, idempotencyKey = randomKey() }: CallOptions & { idempotencyKey?: string } = {},
    ): Promise<UploadResult[]> {
      const body = formOf(fields);
      for (const file of files) body.append('files', file, file.name);
      const headers = { 'Idempotency-Key': idempotencyKey };
      const path = '/api/media/bulk_upload/';
      return (await http.json<components['schemas']['UploadResults']>('POST', path, { body, headers, signal })).results;
    },

    /** Give up an upload in parts, by the address that `onAddress` was told. */
    async cancelUpload(url: string, { signal }: CallOptions = {}): Promise<void> {
      await http.response('DELETE', url, { headers: { 'Tus-Resumable': '1.0.0' }, signal });
    },
  };
}

/** The name of a `File`; a `Blob` has none. */
export function nameOf(file: Blob): string {
  return 'name' in file ? String(file.name) : 'file';
}

/** Loaded only when a large file is sent. */
async function tus(): Promise<typeof import('tus-js-client')> {
  const found = await import('tus-js-client');
  // In Node it is a CommonJS module, and all of it is the default.
  return found.default ?? found;
}

const blobReader: FileReader = {
  openFile: async (blob: Blob) => ({
    size: blob.size,
    slice: async (start, end) => {
      const bytes = new Uint8Array(await blob.slice(start, end).arrayBuffer());
      // The tus client asks for `size`, to say it in Content-Length.
      return { value: Object.assign(bytes, { size: bytes.length }), done: end >= blob.size };
    },
    close: () => undefined,
  }),
};

function formOf(fields: UploadFields): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value ?? []].flat()) form.append(name, String(one));
  }
  return form;
}

function metadataOf(filename: string, fields: UploadFields, key: string | undefined): Record<string, string> {
  const { tags, allow_duplicate: _, ...others } = fields;
  const said = Object.entries({ ...others, idempotency_key: key }).filter(([, value]) => value != null);
  return {
    filename,
    ...Object.fromEntries(said.map(([name, value]) => [name, String(value)])),
    // As editors write them, with quotation marks around those that hold a comma.
    ...(tags?.length ? { tags: tags.map((tag) => `"${tag}"`).join(', ') } : {}),
  };
}

/** Whether it is worth another attempt. */
function mayPass(error: unknown): error is DarkroomError {
  return error instanceof NetworkError || error instanceof ServerError || error instanceof ThrottledError;
}

interface TusAnswer {
  getStatus(): number;
  getBody(): string;
  getHeader(name: string): string | undefined;
}

function tusError(error: unknown, signal: AbortSignal | undefined): DarkroomError {
  const answer = (error as { originalResponse?: TusAnswer | null }).originalResponse;
  if (!answer?.getStatus()) return errorWithoutAnswer(error, signal);
  return errorFrom(answer.getStatus(), answer.getBody(), answer.getHeader('Retry-After'));
}

function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
