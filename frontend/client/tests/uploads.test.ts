import { assert } from 'chai';
import { test } from 'node:test';

import {
  AbortedError,
  ConflictError,
  NotFoundError,
  placeholderUrl,
  UnauthenticatedError,
  UnsupportedTypeError,
  type UploadProgress,
} from '../src/index.js';
import { clientOf, rejection, setting } from './server.js';

const MEGABYTE = 1024 ** 2;
const writer = clientOf('writer');

/** A document that nobody has uploaded before. */
function paper(size = 1000): File {
  const bytes = new Uint8Array(size);
  // Browsers give 65,536 random bytes at once.
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return new File(['%PDF-1.4\n%', bytes], 'minutes.pdf', { type: 'application/pdf' });
}

async function sha256(file: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function photograph(): Promise<Blob> {
  const hash = crypto.getRandomValues(new Uint8Array(21));
  hash.set([0xd5, 0x07, 0x12, 0x1d, 0x04]);
  return (await fetch(placeholderUrl(btoa(String.fromCharCode(...hash)))!)).blob();
}

test('a picture is uploaded with what is said of it, and is ready when it was waited for', async () => {
  const fields = { title: 'Sunrise', alt_text: 'The sun over dunes', tags: ['dawn', 'sea, calm'] };
  const { id } = await writer.uploadMedia(await photograph(), fields, { filename: 'sunrise.png' });

  const seen: string[] = [];
  const asset = await writer.waitForMedia(id, { onChange: ({ status }) => seen.push(status) });
  if (asset.kind !== 'image') throw new Error(asset.kind);
  assert.include(asset, { title: 'Sunrise', alt: 'The sun over dunes', status: 'ready' });
  assert.deepEqual(asset.meta.tags, ['dawn', 'sea, calm']);
  assert.isString(asset.src);
  assert.equal(seen.at(-1), 'ready');
  await writer.deleteMedia(id);
  await writer.deleteForGood(id);
  await rejection(writer.getMedia(id), NotFoundError);
});

test('what the library has already is told', async () => {
  const file = paper();
  const { id } = await writer.uploadMedia(file);
  const error = await rejection(writer.uploadMedia(file), ConflictError);
  assert.equal(error.code, 'duplicate');
  assert.equal(error.problem['asset'], id);
  assert.notEqual((await writer.uploadMedia(file, { allow_duplicate: true })).id, id);
});

test('an answer that is lost makes nothing twice', async () => {
  let calls = 0;
  const losing: typeof fetch = async (...request) => {
    const response = await fetch(...request);
    if (calls++ === 0) throw new TypeError('connection reset');
    return response;
  };
  const asset = await clientOf('writer', { fetch: losing }).uploadMedia(paper(), {}, { retryDelays: [0] });
  assert.equal(calls, 2);
  assert.equal(asset.status, 'ready');
});

test('what is no file of a known kind is 415', async () => {
  const upload = writer.uploadMedia(new Blob(['nothing of a picture']), {}, { filename: 'harbour.jpg' });
  await rejection(upload, UnsupportedTypeError);
});

test('uploading without a token is 401, whichever way', async () => {
  await rejection(clientOf().uploadMedia(paper()), UnauthenticatedError);
  await rejection(clientOf('revoked').uploadMedia(paper(), {}, { resumable: true }), UnauthenticatedError);
});

test('progress is told', async () => {
  const seen: UploadProgress[] = [];
  const file = paper();
  await writer.uploadMedia(file, {}, { onProgress: (progress) => seen.push(progress) });
  assert.deepEqual(seen, [{ sent: 0, total: file.size }, { sent: file.size, total: file.size }]);
});

test('of many files, each has a result', async () => {
  const results = await writer.bulkUpload([paper(), new File(['nothing of a film'], 'film.mp4')], { credit: 'Ada' });
  assert.deepEqual(results.map((one) => one.status), [201, 415]);
  assert.equal(results[0]?.asset?.kind, 'document');
  assert.isString(results[1]?.problem?.code);
});

test('a file is replaced, and comes back', async () => {
  const { id, details } = await writer.uploadMedia(paper());
  const replaced = await writer.replaceMedia(id, paper(), { note: 'Corrected' });
  assert.notEqual(replaced.details?.sha256, details?.sha256);
  const versions = await writer.listVersions(id);
  assert.lengthOf(versions, 2);
  const reverted = await writer.revertMedia(id, versions[1]!.number);
  assert.equal(reverted.details?.sha256, details?.sha256);
});

test('a picture is edited and as it was again', async () => {
  const { id } = await writer.uploadMedia(await photograph(), {}, { filename: 'sunrise.png' });
  await writer.waitForMedia(id);
  const turned = await writer.editMedia(id, { recipe: { rotate: 90 } });
  if (turned.kind !== 'image') throw new Error(turned.kind);
  assert.deepEqual([turned.width, turned.height], [12, 9]);
  await writer.editMedia(id, { recipe: {} });
});

test('a large file goes on after three broken connections, byte for byte', async () => {
  const file = paper(12 * MEGABYTE);
  const seen: number[] = [];
  const options = { onProgress: ({ sent }: UploadProgress) => seen.push(sent), retryDelays: [0, 0.1, 0.1, 0.1, 0.1] };
  const fields = { title: 'Minutes', tags: ['by train'] };
  const asset = await clientOf('writer', { baseUrl: setting.flaky }).uploadMedia(file, fields, options);
  assert.equal(asset.details?.sha256, await sha256(file));
  assert.equal(asset.title, 'Minutes');
  assert.deepEqual(asset.meta.tags, ['by train']);
  assert.equal(seen.at(-1), file.size);
});

test('a large file that was stopped goes on where it was', async () => {
  const file = paper(6 * MEGABYTE);
  const controller = new AbortController();
  let address = '';
  const stopped = writer.uploadMedia(file, {}, {
    signal: controller.signal,
    partSize: MEGABYTE,
    onAddress: (url) => (address = url),
    onProgress: ({ sent }) => sent > 2 * MEGABYTE && controller.abort(),
  });
  await rejection(stopped, AbortedError);

  const seen: number[] = [];
  const asset = await writer.uploadMedia(file, {}, { resumeFrom: address, onProgress: ({ sent }) => seen.push(sent) });
  assert.isAtLeast(seen[0]!, MEGABYTE);
  assert.equal(asset.details?.sha256, await sha256(file));
});

test('an upload that is given up is gone', async () => {
  const controller = new AbortController();
  let address = '';
  const stopped = writer.uploadMedia(paper(2 * MEGABYTE), {}, {
    signal: controller.signal,
    resumable: true,
    partSize: MEGABYTE,
    onAddress: (url) => {
      address = url;
      controller.abort();
    },
  });
  await rejection(stopped, AbortedError);
  await writer.cancelUpload(address);
  await rejection(writer.cancelUpload(address), NotFoundError);
});
