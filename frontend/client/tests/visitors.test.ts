import { assert } from 'chai';
import { test } from 'node:test';

import { DarkroomError, ForbiddenError, InvalidError, NotFoundError, UnauthenticatedError } from '../src/index.js';
import { clientOf, rejection, setting } from './server.js';

const darkroom = clientOf();

test('a site tells its name, its menus and its languages', async () => {
  const site = await darkroom.getSite();
  assert.equal(site.menus.main[0]?.label, 'Post 1');
  assert.equal(site.locale, 'en');
});

test('a site that is not there is told', async () => {
  await rejection(darkroom.getSite({ site: 'nowhere.example' }), NotFoundError);
});

test('all categories come, with their places in the tree', async () => {
  const categories = await darkroom.getCategories();
  const coast = categories.find((one) => one.slug === 'coast')!;
  assert.deepInclude(coast, { parent: null, depth: 0, post_count: 1 });
  assert.equal(categories.find((one) => one.slug === 'harbours')?.parent, coast.id);
});

test('search finds pages by words', async () => {
  const { items, meta, facets } = await darkroom.search({ query: 'blacks', type: ['blog.PostPage'], limit: 5 });
  assert.equal(meta.total_count, 1);
  assert.deepInclude(items[0], { title: 'Post 1', type: 'blog.PostPage' });
  assert.include(items[0]?.excerpt.toLowerCase(), '<mark>blacks</mark>');
  assert.deepEqual(facets.category?.map(({ value }) => value), ['coast']);
});

test('a path leads to a page, to where it has moved, or nowhere', async () => {
  assert.equal((await darkroom.find('/post-1/')).page?.title, 'Post 1');
  const { page, redirect } = await darkroom.find('/before/');
  assert.isNull(page);
  assert.include(redirect?.location, '/post-1/');
  assert.isTrue(redirect?.is_permanent);
  assert.deepEqual(await darkroom.find('/nowhere/'), { page: null, redirect: null });
});

test('a form is opened and sent', async () => {
  const form = await darkroom.getForm(setting.ids['form']!);
  assert.deepEqual(form.fields.map(({ name }) => name), ['your_name', 'message']);
  const answer = await darkroom.submitForm(setting.ids['form']!, { your_name: 'Grace', message: 'Hello' });
  assert.include(answer.thank_you_text, 'Thank you.');
});

test('a form in HTML is sent as it is, and what is wrong stands by its field', async () => {
  const answers = new FormData();
  answers.set('message', 'Hello');
  const error = await rejection(darkroom.submitForm(setting.ids['form']!, answers), InvalidError);
  assert.property(error.problem['errors'], 'your_name');
});

test('a page with a password is opened by it', async () => {
  const error = await rejection(darkroom.findPageByPath('/locked/'), UnauthenticatedError);
  assert.equal(error.code, 'password_required');
  const { token, expires } = await darkroom.unlock(Number(error.problem['id']), 'fixer');
  assert.isAbove(Date.parse(expires), Date.now());
  const page = await darkroom.findPageByPath('/locked/', { pageToken: token });
  assert.equal(page?.title, 'Locked');
  assert.equal((await darkroom.getPage(page!.id, { pageToken: token })).title, 'Locked');
});

test('a wrong password opens nothing', async () => {
  const error = await rejection(darkroom.unlock(setting.ids['locked']!, 'wrong'), DarkroomError);
  assert.instanceOf(error, ForbiddenError);
});
