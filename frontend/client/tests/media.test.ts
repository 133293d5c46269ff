import { assert } from 'chai';
import { test } from 'node:test';

import { ConflictError, ForbiddenError, InvalidError, NotFoundError, UnauthenticatedError } from '../src/index.js';
import { clientOf, rejection, setting } from './server.js';

const { ids } = setting;
const [admin, writer, nobody, revoked] = [clientOf('admin'), clientOf('writer'), clientOf(), clientOf('revoked')];

test('assets come over all pages', async () => {
  const found = [];
  for await (const asset of admin.listMedia({ kind: ['image', 'document'], limit: 2, order: 'title' })) {
    found.push(asset.title.toLowerCase());
  }
  assert.isAbove(found.length, 2);
  assert.deepEqual(found, [...found].sort());
});

test('one page has the cursor of the next', async () => {
  const listed = admin.listMedia({ limit: 1 });
  const { items, next } = await listed.page();
  const following = await listed.page(next!);
  assert.notEqual(items[0]?.id, following.items[0]?.id);
});

test('an asset is told apart by its kind', async () => {
  const asset = await admin.getMedia(ids['harbour']!);
  if (asset.kind !== 'image') throw new Error('not an image');
  assert.isString(asset.src);
  assert.match(asset.details?.sha256 ?? '', /^[0-9a-f]{64}$/);
});

test('what editors know is not told to everyone', async () => {
  const asset = await nobody.getMedia(ids['harbour']!);
  assert.isNull(asset.details);
});

test('what is said of an asset can be changed', async () => {
  const changed = await writer.updateMedia(ids['mine']!, { alt_text: 'Seen from the pier', tags: ['sea', 'a, b'] });
  assert.deepEqual(changed.meta.tags, ['a, b', 'sea']);
  assert.equal(changed.details?.alt_text, 'Seen from the pier');
});

test('a change that can not be is told with its field', async () => {
  const error = await rejection(writer.updateMedia(ids['mine']!, { title: '' }), InvalidError);
  assert.deepInclude((error.problem['errors'] as { field: string }[])[0], { field: 'body.title' });
});

test('a manifest that can not be is told with its slot and field, and is not put in force', async () => {
  const wrong = admin.putPresets({ slots: { hero: { aspect: '16:9', widths: [0] } } });
  const error = await rejection(wrong, InvalidError);
  assert.deepInclude((error.problem['errors'] as { field: string }[])[0], { field: 'slots.hero.widths' });
  await rejection(nobody.getPresets(), NotFoundError);
});

test('no token is 401', async () => {
  const error = await rejection(nobody.updateMedia(ids['mine']!, { title: 'Mine' }), UnauthenticatedError);
  assert.include(error, { status: 401, code: 'not_authenticated' });
});

test('a revoked token is 401', async () => {
  const error = await rejection(revoked.getMedia(ids['harbour']!), UnauthenticatedError);
  assert.include(error, { status: 401, code: 'invalid_token' });
});

test('what one may see but not change is 403', async () => {
  const error = await rejection(writer.updateMedia(ids['harbour']!, { title: 'Mine' }), ForbiddenError);
  assert.include(error, { status: 403, code: 'forbidden' });
});

test('what one may not see is not there', async () => {
  await rejection(nobody.getMedia(ids['closed']!), NotFoundError);
});

test('what is in use stays, and the places are told', async () => {
  const error = await rejection(admin.deleteMedia(ids['harbour']!), ConflictError);
  assert.equal(error.code, 'in_use');
  assert.isNotEmpty(error.problem['places']);
});

test('assets are found by their words', async () => {
  const { items } = await admin.searchMedia('harbour', { kind: ['image'] }).page();
  assert.equal(items[0]?.id, ids['harbour']);
});

test('the media of a page come in its order', async () => {
  const { items } = await admin.getPages({ slug: 'post-1' });
  const used = await admin.getMediaForObject('blog.PostPage', items[0]!.id);
  assert.isAbove(used.length, 2);
  assert.deepEqual([...new Set(used.map((one) => one.asset.id))], [ids['harbour']]);
});

test('an asset knows where it is used, what was made of it, and what is like it', async () => {
  const usage = await admin.getMediaUsage(ids['harbour']!);
  assert.include(usage.items.map((one) => one.title), 'Post 1');
  const variants = await admin.getMediaVariants(ids['harbour']!);
  assert.include(variants.map((one) => one.format), 'jpeg');
  assert.isArray(await admin.getRelatedMedia(ids['harbour']!));
});

test('what is deleted can be restored', async () => {
  const { id, trashed_until: until } = await writer.deleteMedia(ids['mine']!);
  assert.isAbove(Date.parse(until), Date.now());
  await rejection(writer.getMedia(id), NotFoundError);
  const { items } = await writer.listTrash().page();
  assert.deepEqual(items.map((one) => one.id), [id]);

  const restored = await writer.restoreMedia(id);
  assert.equal(restored.id, id);
  assert.equal((await writer.getMedia(id)).title, 'Mine');
});

test('of many that are deleted, each has a result', async () => {
  const results = await writer.bulkDelete([ids['mine']!, ids['harbour']!, 1_000_000]);
  assert.deepEqual(
    results.map((one) => one.problem?.code ?? null),
    [null, 'forbidden', 'not_found'],
  );
  await writer.restoreMedia(ids['mine']!);
});

test('a token may be asked for each time', async () => {
  const client = clientOf(undefined, { token: () => Promise.resolve(setting.tokens.writer) });
  assert.isObject((await client.getMedia(ids['mine']!)).details);
});
