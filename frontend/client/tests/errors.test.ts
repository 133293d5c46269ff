import { assert } from 'chai';
import { test } from 'node:test';

import {
  AbortedError,
  ConflictError,
  createClient,
  DarkroomError,
  ForbiddenError,
  InvalidError,
  NetworkError,
  NotFoundError,
  ServerError,
  ThrottledError,
  TooLargeError,
  UnauthenticatedError,
  UnsupportedTypeError,
} from '../src/index.js';
import { rejection } from './server.js';

function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const answer = () => Promise.resolve(new Response(body, { status, headers }));
  return createClient({ baseUrl: 'https://cms.example.org', fetch: answer });
}

for (const [status, Class] of [
  [400, InvalidError],
  [401, UnauthenticatedError],
  [403, ForbiddenError],
  [404, NotFoundError],
  [409, ConflictError],
  [413, TooLargeError],
  [415, UnsupportedTypeError],
  [422, InvalidError],
  [429, ThrottledError],
  [503, ServerError],
] as const) {
  test(`${status} is a ${Class.name}`, async () => {
    const body = JSON.stringify({ code: 'some_code', detail: 'A sentence.', title: 'A title' });
    const error = await rejection(answering(status, body).getMedia(1), Class);
    assert.instanceOf(error, DarkroomError);
    assert.include(error, { name: Class.name, status, code: 'some_code', message: 'A sentence.' });
  });
}

test('an error of the content API has its message', async () => {
  const error = await rejection(answering(400, '{"message": "unknown fields: nothing"}').getPages(), InvalidError);
  assert.include(error, { code: 'http_400', message: 'unknown fields: nothing' });
});

test('an error that is no JSON is an error all the same', async () => {
  const error = await rejection(answering(502, '<h1>Bad gateway</h1>').getPages(), ServerError);
  assert.equal(error.message, 'Darkroom answered with 502.');
});

test('an error says when to try again', async () => {
  const error = await rejection(answering(429, '{}', { 'Retry-After': '7' }).getMedia(1), ThrottledError);
  assert.equal(error.retryAfter, 7);
});

test('no answer is a network error', async () => {
  const client = createClient({ baseUrl: 'https://cms.example.org', fetch: () => Promise.reject(new TypeError('no')) });
  const error = await rejection(client.getPages(), NetworkError);
  assert.include(error, { status: 0, code: 'network' });
  assert.instanceOf(error.cause, TypeError);
});

/** A client whose first connection is lost, and the methods that it has asked with. */
function losingOne(): { client: ReturnType<typeof createClient>; asked: string[] } {
  const asked: string[] = [];
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    asked.push(init?.method ?? '');
    if (asked.length === 1) throw new TypeError('other side closed');
    return new Response('{"id": 1}', { status: 200 });
  };
  return { client: createClient({ baseUrl: 'https://cms.example.org', fetch }), asked };
}

test('what only reads is asked for once more after a connection was lost', async () => {
  const { client, asked } = losingOne();
  assert.equal((await client.getMedia(1)).id, 1);
  assert.deepEqual(asked, ['GET', 'GET']);
});

test('what writes is not asked for again, since it may have arrived', async () => {
  const { client, asked } = losingOne();
  await rejection(client.updateMedia(1, { title: 'Boats' }), NetworkError);
  assert.deepEqual(asked, ['PATCH']);
});

test('a good answer that is no JSON is an error', async () => {
  await rejection(answering(200, 'hello').getPages(), DarkroomError);
});

test('what is stopped before it begins is aborted', async () => {
  const signal = AbortSignal.abort('enough');
  const client = createClient({ baseUrl: 'https://cms.example.org' });
  const error = await rejection(client.getMedia(1, { signal }), AbortedError);
  assert.equal(error.cause, 'enough');
});
