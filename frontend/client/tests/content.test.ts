import { assert } from 'chai';
import { test } from 'node:test';

import { AbortedError, InvalidError, isType, NotFoundError, picture } from '../src/index.js';
import { clientOf, rejection, setting } from './server.js';

const darkroom = clientOf();

test('pages of a type have the fields that were asked for', async () => {
  const { items, meta } = await darkroom.getPages({
    type: 'blog.PostPage',
    fields: ['summary', 'featured_image', 'seo_title'],
    order: '-date',
    limit: 1,
  });
  assert.isAbove(meta.total_count, 1);
  const [post] = items;
  // All of this is typed: the compiler checks it with the tests.
  assert.equal(post?.summary, 'What post 2 is about.');
  assert.equal(post?.meta.type, 'blog.PostPage');
  assert.equal(post?.meta.seo_title, '');
  assert.equal(post?.featured_image, null);
  assert.notProperty(post, 'body');
});

test('all fields come for *', async () => {
  const { items } = await darkroom.getPages({ type: 'blog.PostPage', fields: ['*'], slug: 'post-1' });
  const post = items[0]!;
  assert.equal(post.author?.name, 'Ada Example');
  assert.equal(post.body[0]?.type, 'heading');
});

test('posts are found by tag, author and day', async () => {
  const { items } = await darkroom.getPages({
    type: 'blog.PostPage',
    tag: ['sea', 'dawn'],
    author: 'ada-example',
    date_from: '2026-01-01',
    date_to: '2026-12-31',
  });
  assert.deepEqual(items.map((one) => one.title), ['Post 1']);
});

test('a page is found by its path, with its blocks told apart', async () => {
  const page = await darkroom.findPageByPath('/post-1/');
  if (!isType(page, 'blog.PostPage')) throw new Error('not a post');
  const texts = page.body.map((block) => {
    switch (block.type) {
      case 'heading':
        return block.value.text;
      case 'image':
        return picture(block.value)?.img.alt;
      default:
        return block.type;
    }
  });
  assert.includeMembers(texts, ['Waiting for the blacks', 'Harbour here', 'gallery', 'quote']);
});

test('there is no page at an unknown path', async () => {
  assert.isNull(await darkroom.findPageByPath('/nowhere/'));
});

test('a page that is gone is told', async () => {
  const error = await rejection(darkroom.getPage(1_000_000), NotFoundError);
  assert.equal(error.status, 404);
});

test('a question that makes no sense is told with words', async () => {
  const error = await rejection(darkroom.getPages({ filter: { nonsense: 1 } }), InvalidError);
  assert.include(error.message, 'nonsense');
});

test('a draft is got with the query of the preview', async () => {
  const draft = await darkroom.getPreview<'blog.PostPage'>(new URLSearchParams(setting.preview));
  assert.equal(draft.title, 'Not out yet');
});

test('a wrong preview token is refused', async () => {
  const query = { content_type: 'blog.postpage', token: 'wrong' };
  await rejection(darkroom.getPreview(query), InvalidError);
});

test('public images are listed', async () => {
  const { items } = await darkroom.listContent('images', { search: 'harbour' });
  assert.equal(items[0]?.alt, 'What Harbour shows');
  const whole = await darkroom.getContent('images', items[0]!.id);
  assert.equal(whole.title, 'Harbour');
});

test('a request is stopped by its signal', async () => {
  const controller = new AbortController();
  const asking = darkroom.getPages({ signal: controller.signal });
  controller.abort();
  await rejection(asking, AbortedError);
});
