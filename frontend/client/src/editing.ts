/** What becomes of files that are in the library: edits, versions, and what their use adds up to. */

import { Cursor } from './cursors.js';
import type { components } from './generated/media.js';
import type { CallOptions, Http } from './http.js';
import type { AnyAsset, MediaQuery } from './media.js';

type Schemas = components['schemas'];

/** All edits of a picture; what is left out is not edited, and an empty recipe is the original. */
export type PictureEdit = Partial<Omit<Schemas['Edit'], 'recipe'>> & { recipe?: Partial<Schemas['Edit']['recipe']> };
export type FileVersion = Schemas['FileVersion'];
export type Analytics = Schemas['Analytics'];

export function editing(http: Http) {
  return {
    /**
     * Edit a picture; the original stays. With the `revision` that was looked at, throws a `ConflictError` if somebody
     * was faster.
     *
     *     await darkroom.editMedia(12, { recipe: { rotate: 90 } });
     */
    editMedia(id: number, edit: PictureEdit, { signal }: CallOptions = {}): Promise<AnyAsset> {
      return http.json('POST', `/api/media/${id}/edit/`, { json: { recipe: {}, ...edit }, signal });
    },

    /** Give an asset another file of its kind; the former one is kept, and all addresses change. */
    replaceMedia(
      id: number,
      file: Blob,
      { note = '', filename, signal }: CallOptions & { note?: string; filename?: string } = {},
    ): Promise<AnyAsset> {
      const body = new FormData();
      body.append('note', note);
      body.append('file', file, filename ?? ('name' in file ? String(file.name) : 'file'));
      return http.json('POST', `/api/media/${id}/replace/`, { body, signal });
    },

    /** The files that an asset had, the current one first. */
    async listVersions(id: number, { signal }: CallOptions = {}): Promise<FileVersion[]> {
      return (await http.json<Schemas['FileVersions']>('GET', `/api/media/${id}/versions/`, { signal })).items;
    },

    /** Bring a former file back, as a new version. */
    revertMedia(
      id: number,
      version: number,
      { note = '', signal }: CallOptions & { note?: string } = {},
    ): Promise<AnyAsset> {
      return http.json('POST', `/api/media/${id}/revert/`, { json: { version, note }, signal });
    },

    /** Totals, storage, savings, and what was seen in the last days. */
    getAnalytics({ days, signal }: CallOptions & { days?: Analytics['days'] } = {}): Promise<Analytics> {
      return http.json('GET', '/api/media/analytics/', { query: { days }, signal });
    },

    /** What nothing uses. */
    listUnusedMedia({ signal, ...query }: MediaQuery = {}): Cursor<AnyAsset> {
      return new Cursor((cursor) => http.json('GET', '/api/media/unused/', { query: { ...query, cursor }, signal }));
    },
  };
}
