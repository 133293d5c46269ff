/** What visitors of a front end need beside pages: the site around them, search, forms and passwords. */

import { tokenHeader, type Listing, type PageOptions } from './content.js';
import type { Card, Category, PublicForm, Site } from './generated/content.js';
import type { CallOptions, Http } from './http.js';

export interface SiteQuery extends CallOptions {
  /** Host of one site, where there are several. */
  site?: string | undefined;
  locale?: string | undefined;
}

/** For what a server sends in a visitor's name. */
export interface VisitorOptions extends PageOptions {
  /**
   * The visitor's address, sent as `X-Forwarded-For`: Darkroom counts what comes from each address. It believes it from
   * as many proxies as its `TRUSTED_PROXIES` says, of which your server is one.
   */
  visitor?: string | undefined;
}

/** What opens a page that has a password, for how long; `expires` is a moment in ISO 8601. */
export interface PageToken {
  token: string;
  expires: string;
}

/** A form that is open now: its `token` is to be sent back as `form-token`, since programs answer at once. */
export type OpenForm = PublicForm & { token: string };

/** Answers by the names of the questions. Files are sent in a `FormData`. */
export type FormAnswers = FormData | Readonly<Record<string, string | number | boolean | readonly string[] | null>>;

export type Facet = 'type' | 'category' | 'author' | 'tag' | 'year';

/** What `search` is asked. A facet takes its values as answers list them: `type: 'blog.PostPage'`, `category: 'travel'`. */
export interface PageSearch extends SiteQuery, Partial<Record<Facet, string | readonly string[]>> {
  /** Words that must all be there; without any, all pages are found. */
  query?: string;
  order?: 'relevance' | 'date' | '-date';
  /** The last word may be a beginning: for suggestions, while somebody types. Then there are no facets. */
  autocomplete?: boolean;
  limit?: number;
  offset?: number;
}

export interface SearchAnswer {
  meta: { total_count: number };
  /** `excerpt` is HTML: a piece of the text, with what was found in `<mark>`. */
  items: (Card & { excerpt: string })[];
  /** How many pages each value would leave. */
  facets: Partial<Record<Facet, { value: string; label: string; count: number }[]>>;
}

export function visitors(http: Http) {
  return {
    /** Name, menus, languages: what is the same on all pages of a site. */
    getSite({ signal, ...query }: SiteQuery = {}): Promise<Site> {
      return http.json('GET', '/api/v2/site/', { query, signal });
    },

    /** All categories that readers see, in the order of their tree; `parent` is an id. */
    async getCategories({ signal }: CallOptions = {}): Promise<Category[]> {
      const found: Category[] = [];
      for (;;) {
        const query = { limit: 100, offset: found.length };
        const { items, meta } = await http.json<Listing<Category>>('GET', '/api/v2/categories/', { query, signal });
        found.push(...items);
        if (!items.length || found.length >= meta.total_count) return found;
      }
    },

    /** Pages that hold some words, the best first, and how many of them there are of each sort. */
    search({ signal, ...query }: PageSearch = {}): Promise<SearchAnswer> {
      // Several values are written with commas.
      const pairs = Object.entries(query).map(([name, value]) => [name, value?.toString()]);
      return http.json('GET', '/api/v2/search/', { query: Object.fromEntries(pairs), signal });
    },

    /** The form of a form page, opened now. */
    getForm(id: number, { pageToken, signal }: PageOptions = {}): Promise<OpenForm> {
      return http.json('GET', `/api/v2/forms/${id}/`, { headers: tokenHeader(pageToken), signal });
    },

    /**
     * Sends a form. Throws an `InvalidError` whose `problem.errors` has sentences for each field, by its name.
     *
     *     await darkroom.submitForm(page.id, new FormData(element));
     */
    submitForm(
      id: number,
      answers: FormAnswers,
      { visitor, pageToken, signal }: VisitorOptions = {},
    ): Promise<{ thank_you_text: string }> {
      const sent = answers instanceof FormData ? { body: answers } : { json: answers };
      const headers = { ...inTheNameOf(visitor), ...tokenHeader(pageToken) };
      return http.json('POST', `/api/v2/forms/${id}/`, { ...sent, headers, signal });
    },

    /** Exchanges a page's password for what opens it: give it to `findPageByPath` or `getPage` as `pageToken`. */
    unlock(id: number, password: string, { visitor, signal }: Omit<VisitorOptions, 'pageToken'> = {}): Promise<PageToken> {
      const options = { json: { password }, headers: inTheNameOf(visitor), signal };
      return http.json('POST', `/api/v2/pages/${id}/password/`, options);
    },
  };
}

function inTheNameOf(visitor: string | undefined): Record<string, string> {
  return visitor ? { 'X-Forwarded-For': visitor } : {};
}
