import { assert } from 'chai';
import { test } from 'node:test';

import { AbortedError, createClient, ProcessingError, type ProcessingState } from '../src/index.js';
import { rejection } from './server.js';

type Answer = () => Response;

/** A client whose library answers these one after the other, and the paths that it was asked for. */
function answering(...answers: Answer[]) {
  const paths: string[] = [];
  const answer: typeof fetch = (input) => {
    paths.push(new URL(String(input)).pathname);
    return Promise.resolve(answers.shift()!());
  };
  return { client: createClient({ baseUrl: 'https://cms.example.org', fetch: answer }), paths };
}

const asset =
  (status: string, more: object = {}): Answer =>
  () =>
    Response.json({ id: 7, kind: 'video', status, progress: 0.5, parts: {}, ...more }, { headers: { 'Retry-After': '0' } });

const busy: Answer = () => new Response('{"code": "busy"}', { status: 429, headers: { 'Retry-After': '0' } });

/** Events that come in pieces, as networks cut them. */
const events =
  (...pieces: string[]): Answer =>
  () =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
          controller.close();
        },
      }),
    );

test('waiting follows the events of an asset', async () => {
  const { client, paths } = answering(
    asset('processing'),
    events(
      'retry: 2000\n\nid: 1\nevent: status\ndata: {"status": "proc',
      'essing", "progress": 0.75, "parts": {}}\n\n:\n\nid: 2\ndata: {"status": "ready", "progress": 1, "parts": {}}\n',
      '\n',
    ),
    asset('ready'),
  );
  const seen: ProcessingState[] = [];
  const found = await client.waitForMedia(7, { onChange: (state) => seen.push(state) });
  assert.equal(found.status, 'ready');
  assert.deepEqual(seen.map((one) => one.progress), [0.5, 0.75, 1, 0.5]);
  assert.deepEqual(paths, ['/api/media/7/', '/api/media/7/events/', '/api/media/7/']);
});

test('waiting asks from time to time where too many are listening', async () => {
  const { client, paths } = answering(asset('processing'), busy, asset('processing'), busy, asset('ready'));
  assert.equal((await client.waitForMedia(7)).status, 'ready');
  assert.lengthOf(paths, 5);
});

test('waiting goes on where there were too many questions', async () => {
  const { client } = answering(busy, asset('ready'));
  assert.equal((await client.waitForMedia(7)).status, 'ready');
});

test('what can not be developed is told with the reason', async () => {
  const { client } = answering(asset('failed', { details: { status_reason: 'It has no pictures in it.' } }));
  const error = await rejection(client.waitForMedia(7), ProcessingError);
  assert.include(error, { code: 'processing_failed', message: 'It has no pictures in it.' });
});

test('waiting is stopped by a signal, whatever it waits for', async () => {
  const controller = new AbortController();
  const hanging: typeof fetch = (_input, init) =>
    new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
  const client = createClient({ baseUrl: 'https://cms.example.org', fetch: hanging });
  const asking = client.waitForMedia(7, controller);
  setTimeout(() => controller.abort());
  await rejection(asking, AbortedError);

  const later = new AbortController();
  const slow: Answer = () => Response.json({ status: 'processing' }, { headers: { 'Retry-After': '60' } });
  const { client: polling } = answering(slow, busy);
  const waiting = polling.waitForMedia(7, { signal: later.signal, onChange: () => setTimeout(() => later.abort(), 20) });
  await rejection(waiting, AbortedError);
});
