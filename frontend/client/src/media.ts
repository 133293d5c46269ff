/** The library, from `/api/media/`: what its users may see and change, with a token. */

import { Cursor } from './cursors.js';
import type { components, operations } from './generated/media.js';
import type { CallOptions, Http } from './http.js';

type Schemas = components['schemas'];

/** An asset of any kind; `kind` says which. */
export type AnyAsset = Schemas['AnyAsset'];
export type AssetKind = AnyAsset['kind'];
/** An asset of one kind: `AssetOf<"video">`. */
export type AssetOf<K extends AssetKind> = Extract<AnyAsset, { kind: K }>;
/** What editors know of an asset; null without a token. */
export type AssetDetails = Schemas['Details'];
export type AssetChanges = Schemas['AssetChanges'];
export type Trashed = Schemas['Trashed'];
export type PlaceOfUse = Schemas['PlaceOfUse'];

export type MediaQuery = Omit<NonNullable<operations['list_media']['parameters']['query']>, 'cursor'> & CallOptions;

export function media(http: Http) {
  return {
    /** What matches, newest first; see `Cursor`. */
    listMedia({ signal, ...query }: MediaQuery = {}): Cursor<AnyAsset> {
      return new Cursor((cursor) => http.json('GET', '/api/media/', { query: { ...query, cursor }, signal }));
    },

    getMedia(id: number, { signal }: CallOptions = {}): Promise<AnyAsset> {
      return http.json('GET', `/api/media/${id}/`, { signal });
    },

    /** Change what is said of an asset; what is left out stays as it is. */
    updateMedia(id: number, changes: AssetChanges, { signal }: CallOptions = {}): Promise<AnyAsset> {
      return http.json('PATCH', `/api/media/${id}/`, { json: changes, signal });
    },

    /** Put an asset in the trash. Throws a `ConflictError` with `problem.places` for what is used. */
    deleteMedia(id: number, { signal }: CallOptions = {}): Promise<Trashed> {
      return http.json('DELETE', `/api/media/${id}/`, { signal });
    },
  };
}
