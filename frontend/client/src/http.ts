/** Requests: addresses, headers, JSON, and errors that say what they are. */

import { errorFrom, errorWithoutAnswer } from './errors.js';

export interface ClientOptions {
  /** Where Darkroom is: `https://cms.example.org`. */
  baseUrl: string;
  /** An API token of the admin, or what gives one; it belongs on a server, and in no page. */
  token?: string | (() => string | Promise<string>) | undefined;
  /** Instead of the global `fetch`: that of a framework, or one that is watched. */
  fetch?: typeof fetch | undefined;
  /** Sent with every request, such as `X-CSRFToken` beside a session of the admin. */
  headers?: Readonly<Record<string, string>> | undefined;
  credentials?: RequestCredentials | undefined;
}

/** For every request: `signal` stops it. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
}

export type QueryValue = string | number | boolean | null | undefined | readonly (string | number)[];
export type Query = Readonly<Record<string, QueryValue>>;

export interface RequestOptions extends CallOptions {
  query?: Query | undefined;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  body?: FormData | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
}

export class Http {
  readonly baseUrl: string;
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.baseUrl = options.baseUrl.replace(/\/+$/, '');
    this.#options = options;
  }

  /** `/api/media/?kind=image&kind=video`; values that are undefined or null are left out. */
  url(path: string, query: Query = {}): string {
    const pairs = Object.entries(query).flatMap(([name, value]) =>
      [value ?? []].flat().map((one) => [name, String(one)]),
    );
    const search = new URLSearchParams(pairs).toString();
    return `${this.baseUrl}${path}${search && `?${search}`}`;
  }

  /** Headers that say who asks, and those of the options. */
  async headers(): Promise<Record<string, string>> {
    const { token, headers } = this.#options;
    const value = typeof token === 'function' ? await token() : token;
    return { ...headers, ...(value ? { Authorization: `Bearer ${value}` } : {}) };
  }

  get credentials(): RequestCredentials | undefined {
    return this.#options.credentials;
  }

  /** A response with a good status. Throws a `DarkroomError` otherwise. */
  async response(method: string, url: string, options: RequestOptions = {}): Promise<Response> {
    const { signal, json, body } = options;
    try {
      const headers: Record<string, string> = {
        Accept: 'application/json',
        ...(await this.headers()),
        ...options.headers,
      };
      const init: RequestInit = { method, headers };
      if (this.credentials) init.credentials = this.credentials;
      if (signal) init.signal = signal;
      if (json !== undefined) {
        headers['Content-Type'] = 'application/json';
        init.body = JSON.stringify(json);
      } else if (body) {
        init.body = body;
      }
      const response = await this.#fetch(url, init);
      if (response.ok) return response;
      throw errorFrom(response.status, await response.text(), response.headers.get('Retry-After'));
    } catch (error) {
      throw errorWithoutAnswer(error, signal);
    }
  }

  /** What only reads is asked for once more: a server may close a connection just as it is used again. */
  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const ask = this.#options.fetch ?? fetch;
    try {
      return await ask(url, init);
    } catch (error) {
      if (init.method !== 'GET' || init.signal?.aborted) throw error;
      return ask(url, init);
    }
  }

  /** What a path answers, as JSON; undefined for 204. */
  json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    return this.fetchJson(method, this.url(path, options.query), options);
  }

  /** The same for a whole address. */
  async fetchJson<T>(method: string, url: string, options: RequestOptions = {}): Promise<T> {
    return (await this.answer<T>(method, url, options)).data;
  }

  /** The same with the response, whose headers may say more. */
  async answer<T>(method: string, url: string, options: RequestOptions = {}): Promise<{ data: T; response: Response }> {
    const response = await this.response(method, url, options);
    try {
      return { data: response.status === 204 ? (undefined as T) : ((await response.json()) as T), response };
    } catch (error) {
      throw errorWithoutAnswer(error, options.signal);
    }
  }
}
