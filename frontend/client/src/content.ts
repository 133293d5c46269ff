/** Published content, from `/api/v2/`: public, read only, the same for everyone. */

import { NotFoundError } from './errors.js';
import type { AnyPage, Endpoints, PageSummary, PageType } from './generated/content.js';
import type { CallOptions, Http, Query } from './http.js';

/** The page of a type: `PageOf<"blog.PostPage">`. */
export type PageOf<T extends PageType> = Extract<AnyPage, { meta: { type: T } }>;

/**
 * Tells objects of the content API apart by their `meta.type`: pages, and what is in a collection.
 *
 *     if (isType(page, 'blog.PostPage')) page.body …
 */
export function isType<O extends { meta: { type: string } }, T extends O['meta']['type']>(
  found: O | null | undefined,
  type: T,
): found is Extract<O, { meta: { type: T } }> {
  return found?.meta.type === type;
}

/** A draft: a page as if it were published, which may have no address yet, and no id. */
export type Draft<P extends AnyPage = AnyPage> = P extends AnyPage
  ? Omit<P, 'id' | 'meta'> & {
      id: number | null;
      meta: Omit<P['meta'], 'detail_url'> & { detail_url: string | null };
    }
  : never;

export interface Listing<T> {
  meta: { total_count: number };
  items: T[];
}

/** What may be asked for beside what a listing has: fields of the page, and of its `meta`. */
export type PageField<T extends PageType> =
  | Exclude<keyof PageOf<T>, keyof PageSummary>
  | Exclude<keyof PageOf<T>['meta'], keyof PageSummary['meta'] | 'parent'>;

/** One item of `getPages`: the summary and the fields that were asked for, or all of them for `*`. */
export type PageItem<T extends PageType, F> = '*' extends F
  ? PageOf<T> extends infer P extends AnyPage
    ? P extends AnyPage
      ? Omit<P, 'meta'> & { meta: Omit<P['meta'], 'parent'> }
      : never
    : never
  : Omit<PageSummary, 'meta'> &
      Pick<PageOf<T>, F & keyof PageOf<T>> & {
        meta: Omit<PageSummary['meta'], 'type'> & { type: T } & Pick<PageOf<T>['meta'], F & keyof PageOf<T>['meta']>;
      };

export interface ListingQuery extends CallOptions {
  /** At most 100 at once. */
  limit?: number;
  offset?: number;
  /** A field, with a minus for the other way round: `-date`; or `random`. */
  order?: string;
  search?: string;
  search_operator?: 'and' | 'or';
  /** Anything else that the endpoint takes: `{kind: "press_kit"}`. */
  filter?: Query;
}

export interface PageQuery<T extends PageType, F> extends ListingQuery {
  type?: T;
  fields?: readonly F[];
  slug?: string;
  child_of?: number | 'root';
  descendant_of?: number | 'root';
  ancestor_of?: number;
  /** Slug or id. */
  category?: string | number;
  /** Slug or id. */
  author?: string | number;
  /** All of these. */
  tag?: string | readonly string[];
  /** A day such as `2026-01-31`; it counts in. */
  date_from?: string;
  date_to?: string;
  /** Host of one site, where there are several. */
  site?: string;
  locale?: string;
}

/** Names as in the address that the admin opens for a preview, whose query may be given as it is. */
export type PreviewQuery = { content_type: string; token: string } | URLSearchParams;

/** Where a page has moved to: for a redirect of 301 or 302. */
export interface Move {
  location: string;
  is_permanent: boolean;
}

export type Found<P> = { page: P; redirect: null } | { page: null; redirect: Move | null };

/** For pages that a password protects: `pageToken` is what `unlock` gave. */
export interface PageOptions extends CallOptions {
  pageToken?: string | undefined;
}

export interface PathOptions extends PageOptions {
  /** Host of one site, where there are several. */
  site?: string | undefined;
}

export const tokenHeader = (pageToken: string | undefined): Record<string, string> =>
  pageToken ? { 'X-Page-Token': pageToken } : {};

const get = <T>(http: Http, path: string, query: Query, { signal, pageToken }: PageOptions = {}): Promise<T> =>
  http.json('GET', `/api/v2/${path}`, { query, signal, headers: tokenHeader(pageToken) });

async function find<P>(http: Http, path: string, { site, ...options }: PathOptions): Promise<Found<P>> {
  try {
    return { page: await get<P>(http, 'pages/find/', { html_path: path, site }, options), redirect: null };
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return { page: null, redirect: (error.problem['redirect'] as Move | undefined) ?? null };
  }
}

const list = <T>(http: Http, endpoint: string, { signal, filter, ...query }: ListingQuery): Promise<T> => {
  // Here lists are written with commas.
  const pairs = Object.entries({ ...filter, ...query }).map(([name, value]) => [name, value?.toString()]);
  return get(http, `${endpoint}/`, Object.fromEntries(pairs), { signal });
};

export function content(http: Http) {
  return {
    /**
     * Pages that are published; with `type` and `fields`, TypeScript knows what comes.
     *
     *     const { items } = await darkroom.getPages({ type: 'blog.PostPage', fields: ['summary', 'featured_image'] });
     */
    getPages<T extends PageType = PageType, const F extends PageField<T> | '*' = never>(
      query: PageQuery<T, F> = {},
    ): Promise<Listing<PageItem<T, F>>> {
      return list(http, 'pages', query);
    },

    /** A published page, whole. */
    getPage<T extends PageType = PageType>(id: number, options: PageOptions = {}): Promise<PageOf<T>> {
      return get(http, `pages/${id}/`, {}, options);
    },

    /** What is at a path of the front end, `/travel/harbour/`: the page, or where it has moved to. */
    find<T extends PageType = PageType>(path: string, options: PathOptions = {}): Promise<Found<PageOf<T>>> {
      return find(http, path, options);
    },

    /** The page at a path; null where there is none, even if it has moved. */
    async findPageByPath<T extends PageType = PageType>(
      path: string,
      options: PathOptions = {},
    ): Promise<PageOf<T> | null> {
      return (await find<PageOf<T>>(http, path, options)).page;
    },

    /** The draft that an editor looks at: `getPreview(new URL(request.url).searchParams)`. Never store it. */
    getPreview<T extends PageType = PageType>(
      query: PreviewQuery,
      options: CallOptions = {},
    ): Promise<Draft<PageOf<T>>> {
      const { content_type, token } = query instanceof URLSearchParams ? Object.fromEntries(query) : query;
      return get(http, 'page_preview/', { content_type, token }, options);
    },

    /** What an endpoint lists, as every visitor may see it: `listContent('images', { search: 'harbour' })`. */
    listContent<E extends Exclude<keyof Endpoints, 'pages'>>(
      endpoint: E,
      query: ListingQuery = {},
    ): Promise<Listing<Endpoints[E]['listing']>> {
      return list(http, endpoint, query);
    },

    /** One object of an endpoint: `getContent('collections', 3)`. */
    getContent<E extends Exclude<keyof Endpoints, 'pages'>>(
      endpoint: E,
      id: number,
      options: CallOptions = {},
    ): Promise<Endpoints[E]['detail']> {
      return get(http, `${endpoint}/${id}/`, {}, options);
    },
  };
}
