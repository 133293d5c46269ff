/** Curated sets of media, from `/api/collections/`. Published ones are in the content API, too. */

import { Cursor } from './cursors.js';
import type { components, operations } from './generated/media.js';
import type { CallOptions, Http } from './http.js';

type Schemas = components['schemas'];

export type Collection = Schemas['Collection'];
/** A collection with a page of what is in it, and the cursor of what follows. */
export type WholeCollection = Schemas['WholeCollection'];
/** An asset in a collection, and what is said of it there. */
export type CollectionItem = Schemas['CollectionItem'];
export type NewCollection = Schemas['NewCollection'];
export type CollectionChanges = Schemas['CollectionChanges'];
/** Which assets are in it now: those that were `added`, were `present` before, or are `missing`. */
export type Added = Schemas['Added'];
export type Removed = Schemas['Removed'];
export type CollectionQuery = Omit<NonNullable<operations['list_collections']['parameters']['query']>, 'cursor'> &
  CallOptions;

const PATH = '/api/collections/';

export function collections(http: Http) {
  return {
    /** The last changed first; without a token, those that are public. */
    listCollections({ signal, ...query }: CollectionQuery = {}): Cursor<Collection> {
      return new Cursor((cursor) => http.json('GET', PATH, { query: { ...query, cursor }, signal }));
    },

    /** A collection with the first of its items; all of them come from `listCollectionItems`. */
    getCollection(id: number, { signal, limit }: CallOptions & { limit?: number } = {}): Promise<WholeCollection> {
      return http.json('GET', `${PATH}${id}/`, { query: { limit }, signal });
    },

    /** What is in it, in its order. */
    listCollectionItems(id: number, { signal, limit }: CallOptions & { limit?: number } = {}): Cursor<CollectionItem> {
      return new Cursor((cursor) => http.json('GET', `${PATH}${id}/`, { query: { limit, cursor }, signal }));
    },

    createCollection(collection: NewCollection, { signal }: CallOptions = {}): Promise<Collection> {
      return http.json('POST', PATH, { json: collection, signal });
    },

    /** Change what is said of a collection; what is left out stays as it is. */
    updateCollection(id: number, changes: CollectionChanges, { signal }: CallOptions = {}): Promise<Collection> {
      return http.json('PATCH', `${PATH}${id}/`, { json: changes, signal });
    },

    /** Its assets stay in the library. */
    deleteCollection(id: number, { signal }: CallOptions = {}): Promise<void> {
      return http.json('DELETE', `${PATH}${id}/`, { signal });
    },

    /** Put assets at its end; what is in it already stays where it is. */
    addToCollection(id: number, assets: readonly number[], { signal }: CallOptions = {}): Promise<Added> {
      return http.json('POST', `${PATH}${id}/add/`, { json: { ids: assets }, signal });
    },

    removeFromCollection(id: number, assets: readonly number[], { signal }: CallOptions = {}): Promise<Removed> {
      return http.json('POST', `${PATH}${id}/remove/`, { json: { ids: assets }, signal });
    },

    /** Put assets in this order, before another one or at the end. Throws a `ConflictError` if one is gone meanwhile. */
    reorderCollection(
      id: number,
      assets: readonly number[],
      { signal, before }: CallOptions & { before?: number } = {},
    ): Promise<void> {
      return http.json('POST', `${PATH}${id}/reorder/`, { json: { ids: assets, before }, signal });
    },

    /** Say something of an asset in this collection; with nothing, its own caption holds. */
    captionInCollection(id: number, asset: number, caption: string, { signal }: CallOptions = {}): Promise<void> {
      return http.json('PATCH', `${PATH}${id}/items/${asset}/`, { json: { caption }, signal });
    },
  };
}
