/** The library, from `/api/media/`: what its users may see and change, with a token. */

import { Cursor } from './cursors.js';
import { errorWithoutAnswer, ProcessingError, seconds, ThrottledError } from './errors.js';
import { eventsOf } from './events.js';
import type { components, operations } from './generated/media.js';
import type { CallOptions, Http } from './http.js';
import { nameOf } from './uploads.js';
import { sleep } from './waiting.js';

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
/** What became of one of many: `trashed_until`, or a `problem` with a `code`. */
export type BulkDeleted = Schemas['BulkDeleted'];

/** An asset that an object uses, with the field or block that holds it. */
export type UsedAsset = Schemas['UsedAssets']['items'][number];
/** Where an asset is used. */
export type Usage = Schemas['Usage'];
/** What resembles an asset, and why. */
export type RelatedAsset = Schemas['RelatedAssets']['items'][number];
/** One file that was made of an asset. */
export type Variant = Schemas['Variant'];
/** A file that an asset has, or had. */
export type FileVersion = Schemas['FileVersion'];
/** All edits of a picture; an empty `recipe` is the original. */
export type PictureEdit = Schemas['Edit'];
/** Figures of the library. */
export type Analytics = Schemas['Analytics'];
export type Engagement = Schemas['Engagement'];
/** What a front end needs of each picture: `presets.json`. */
export interface PresetManifest {
  slots: Readonly<Record<string, Pick<PresetSlot, 'aspect' | 'widths'> & Partial<PresetSlot>>>;
}
export type PresetSlot = Schemas['PresetSlot'];
/** The manifest in force. */
export type PresetsInForce = Schemas['PresetsInForce'];
/** More of each asset, such as its variants. */
export type Include = NonNullable<QueryOf<'get_media'>['include']>;

type QueryOf<K extends 'list_media' | 'search_media' | 'get_media'> = NonNullable<operations[K]['parameters']['query']>;

export type MediaQuery = Omit<QueryOf<'list_media'>, 'cursor'> & CallOptions;
export type SearchQuery = Omit<QueryOf<'search_media'>, 'cursor' | 'q'> & CallOptions;

/** How far the work on an asset is. */
export interface ProcessingState {
  status: AnyAsset['status'];
  /** 0 to 1. */
  progress: number;
  /** The same for each size of a film. */
  parts: Readonly<Record<string, number>>;
}

export interface ReplaceOptions extends CallOptions {
  /** For a `Blob`, which has no name. */
  filename?: string | undefined;
  /** Why, for those who look at its versions. */
  note?: string | undefined;
}

export interface WaitOptions extends CallOptions {
  /** Told of each state that is heard of. */
  onChange?: ((state: ProcessingState) => void) | undefined;
}

const POLL_SECONDS = 2;

export function media(http: Http) {
  /** Follow the events of an asset; whether the end was heard. Otherwise asking from time to time is left. */
  async function hearOf(id: number, { signal, onChange }: WaitOptions): Promise<boolean> {
    let status: AnyAsset['status'] | undefined;
    try {
      const headers = { Accept: 'text/event-stream' };
      const response = await http.response('GET', http.url(`/api/media/${id}/events/`), { headers, signal });
      for await (const data of eventsOf(response)) {
        const state = JSON.parse(data) as ProcessingState;
        status = state.status;
        onChange?.(state);
      }
    } catch (error) {
      if (signal?.aborted) throw errorWithoutAnswer(error, signal);
    }
    return status === 'ready' || status === 'failed';
  }

  return {
    /** What matches, newest first; see `Cursor`. */
    listMedia({ signal, ...query }: MediaQuery = {}): Cursor<AnyAsset> {
      return new Cursor((cursor) => http.json('GET', '/api/media/', { query: { ...query, cursor }, signal }));
    },

    /** Where all words are found, the best first. */
    searchMedia(words: string, { signal, ...query }: SearchQuery = {}): Cursor<AnyAsset> {
      return new Cursor((cursor) =>
        http.json('GET', '/api/media/search/', { query: { q: words, ...query, cursor }, signal }),
      );
    },

    getMedia(id: number, { signal, include }: CallOptions & { include?: Include } = {}): Promise<AnyAsset> {
      return http.json('GET', `/api/media/${id}/`, { query: { include }, signal });
    },

    /** What an object uses, in the order of its content: `getMediaForObject('blog.PostPage', 7)`. */
    async getMediaForObject(
      model: string,
      id: number | string,
      { draft, signal }: CallOptions & { draft?: boolean } = {},
    ): Promise<UsedAsset[]> {
      const path = `/api/media/for/${encodeURIComponent(model)}/${encodeURIComponent(id)}/`;
      return (await http.json<Schemas['UsedAssets']>('GET', path, { query: { draft }, signal })).items;
    },

    /** Where an asset is used: live, scheduled, and in drafts. */
    getMediaUsage(id: number, { signal, limit }: CallOptions & { limit?: number } = {}): Promise<Usage> {
      return http.json('GET', `/api/media/${id}/usage/`, { query: { limit }, signal });
    },

    async getRelatedMedia(id: number, { signal, limit }: CallOptions & { limit?: number } = {}): Promise<RelatedAsset[]> {
      const path = `/api/media/${id}/related/`;
      return (await http.json<Schemas['RelatedAssets']>('GET', path, { query: { limit }, signal })).items;
    },

    /** Every file that was made of an asset. */
    async getMediaVariants(id: number, { signal }: CallOptions = {}): Promise<Variant[]> {
      return (await http.json<Schemas['Variants']>('GET', `/api/media/${id}/variants/`, { signal })).items;
    },

    /** The asset once it is ready. Throws a `ProcessingError` if it can't be developed. */
    async waitForMedia(id: number, { signal, onChange }: WaitOptions = {}): Promise<AnyAsset> {
      for (;;) {
        let delay = POLL_SECONDS;
        try {
          const { data: asset, response } = await http.answer<AnyAsset>('GET', http.url(`/api/media/${id}/`), { signal });
          onChange?.(stateOf(asset));
          if (asset.status === 'ready') return asset;
          if (asset.status === 'failed') {
            const reason = asset.details?.status_reason || 'It could not be developed.';
            throw new ProcessingError(reason, { code: 'processing_failed', problem: { id } });
          }
          delay = seconds(response.headers.get('Retry-After')) ?? POLL_SECONDS;
          if (await hearOf(id, { signal, onChange })) continue;
        } catch (error) {
          if (!(error instanceof ThrottledError)) throw error;
          delay = error.retryAfter ?? POLL_SECONDS;
        }
        await sleep(delay, signal);
      }
    },

    /** Change what is said of an asset; what is left out stays as it is. */
    updateMedia(id: number, changes: AssetChanges, { signal }: CallOptions = {}): Promise<AnyAsset> {
      return http.json('PATCH', `/api/media/${id}/`, { json: changes, signal });
    },

    /** Put an asset in the trash. Throws a `ConflictError` with `problem.places` for what is used. */
    deleteMedia(id: number, { signal }: CallOptions = {}): Promise<Trashed> {
      return http.json('DELETE', `/api/media/${id}/`, { signal });
    },

    /** Cut, turn, colour … a picture, without touching its original: all edits at once. */
    editMedia(id: number, edit: PictureEdit, { signal }: CallOptions = {}): Promise<AnyAsset> {
      return http.json('POST', `/api/media/${id}/edit/`, { json: edit, signal });
    },

    /** Give an asset another file of its kind; the former one is kept. */
    replaceMedia(id: number, file: Blob, { signal, filename, note }: ReplaceOptions = {}): Promise<AnyAsset> {
      const body = new FormData();
      body.append('file', file, filename ?? nameOf(file));
      if (note) body.append('note', note);
      return http.json('POST', `/api/media/${id}/replace/`, { body, signal });
    },

    /** The files that it has had, the current one first. */
    async listVersions(id: number, { signal }: CallOptions = {}): Promise<FileVersion[]> {
      return (await http.json<Schemas['FileVersions']>('GET', `/api/media/${id}/versions/`, { signal })).items;
    },

    /** Take a former file again, as a new version. */
    revertMedia(id: number, version: number, { signal }: CallOptions = {}): Promise<AnyAsset> {
      return http.json('POST', `/api/media/${id}/revert/`, { json: { version }, signal });
    },

    /** Figures of what you may see, over 7, 30, 90 or 365 days. */
    getAnalytics({ signal, days }: CallOptions & { days?: 7 | 30 | 90 | 365 } = {}): Promise<Analytics> {
      return http.json('GET', '/api/media/analytics/', { query: { days }, signal });
    },

    /** What visitors did with one, over 7, 30, 90 or 365 days: what of it is watched, how wide it is shown, its clicks. */
    getEngagement(id: number, { signal, days }: CallOptions & { days?: 7 | 30 | 90 | 365 } = {}): Promise<Engagement> {
      return http.json('GET', `/api/media/${id}/engagement/`, { query: { days }, signal });
    },

    /** The manifest in force. Throws a `NotFoundError` where there is none. */
    getPresets({ signal }: CallOptions = {}): Promise<PresetsInForce> {
      return http.json('GET', '/api/media/presets/', { signal });
    },

    /** Put the slots of `presets.json` in force. Throws an `InvalidError` that names slot and field. */
    putPresets(manifest: PresetManifest, { signal }: CallOptions = {}): Promise<PresetsInForce> {
      return http.json('PUT', '/api/media/presets/', { json: manifest, signal });
    },

    /** Delete for good what is in the trash. */
    deleteForGood(id: number, { signal }: CallOptions = {}): Promise<void> {
      return http.json('DELETE', `/api/media/${id}/`, { query: { permanently: true }, signal });
    },

    /** Put up to 1,000 assets in the trash, with a result for each. */
    async bulkDelete(ids: readonly number[], { signal }: CallOptions = {}): Promise<BulkDeleted[]> {
      const { results } = await http.json<{ results: BulkDeleted[] }>('POST', '/api/media/bulk_delete/', {
        json: { ids },
        signal,
      });
      return results;
    },

    /** What may be restored, the last deleted first. */
    listTrash({ signal, limit }: CallOptions & { limit?: number } = {}): Cursor<AnyAsset> {
      return new Cursor((cursor) => http.json('GET', '/api/media/trash/', { query: { limit, cursor }, signal }));
    },

    /** Take an asset out of the trash. */
    restoreMedia(id: number, { signal }: CallOptions = {}): Promise<AnyAsset> {
      return http.json('POST', `/api/media/${id}/restore/`, { signal });
    },
  };
}

function stateOf(asset: AnyAsset): ProcessingState {
  const { progress = asset.status === 'ready' ? 1 : 0, parts = {} } = asset as Partial<ProcessingState>;
  return { status: asset.status, progress, parts };
}
