import { assert } from 'chai';
import { test } from 'node:test';

import { ForbiddenError, NotFoundError } from '../src/index.js';
import { clientOf, rejection, setting } from './server.js';

const { ids } = setting;
const [admin, writer, nobody] = [clientOf('admin'), clientOf('writer'), clientOf()];
const [harbour, mine, paper] = [ids['harbour']!, ids['mine']!, ids['paper']!];

test('a collection is made, filled, put in order, shown, and deleted', async () => {
  const { id } = await admin.createCollection({ title: `Summer ${Math.random()}`, kind: 'event' });
  const added = await admin.addToCollection(id, [harbour, mine, paper, 1_000_000]);
  assert.deepEqual(added, { added: [harbour, mine, paper], present: [], missing: [1_000_000], count: 3 });

  await admin.reorderCollection(id, [paper], { before: harbour });
  await admin.captionInCollection(id, mine, 'From the pier');
  const found = [];
  for await (const { asset, caption } of admin.listCollectionItems(id, { limit: 2 })) found.push([asset.id, caption]);
  assert.deepEqual(found, [[paper, ''], [harbour, ''], [mine, 'From the pier']]);

  await rejection(nobody.getCollection(id), NotFoundError);
  await admin.updateCollection(id, { is_public: true });
  const shown = await nobody.getCollection(id);
  assert.equal(shown.cover?.id, harbour);
  const published = await nobody.getContent('collections', id);
  assert.equal(published.items[0]?.meta.type, 'media_library.CustomDocument');

  assert.deepEqual(await admin.removeFromCollection(id, [paper]), { removed: [paper], count: 2 });
  await admin.deleteCollection(id);
  await rejection(admin.getCollection(id), NotFoundError);
});

test('whoever may not make collections is told', async () => {
  await rejection(writer.createCollection({ title: 'Mine', kind: 'custom' }), ForbiddenError);
});

test('collections are listed', async () => {
  const { id } = await admin.createCollection({ title: `Winter ${Math.random()}`, kind: 'press_kit' });
  const { items } = await admin.listCollections({ kind: ['press_kit'] }).page();
  assert.include(items.map((one) => one.id), id);
  await admin.deleteCollection(id);
});
