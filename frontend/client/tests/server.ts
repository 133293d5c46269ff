/** What the tests are told of the server, by the Python that has started it. */

import { createClient, type ClientOptions, type Darkroom } from '../src/index.js';

export interface Setting {
  url: string;
  /** The same server, over a connection that breaks three times. */
  flaky: string;
  /** By whose they are. */
  tokens: Record<'admin' | 'writer' | 'revoked', string>;
  /** Ids by what they are called there. */
  ids: Record<string, number>;
  /** The query of a preview, as the admin gives it to the front end. */
  preview: string;
}

export const setting: Setting =
  (globalThis as { DARKROOM?: Setting }).DARKROOM ?? JSON.parse(process.env['DARKROOM'] ?? '{}');

export function clientOf(user?: keyof Setting['tokens'], options: Partial<ClientOptions> = {}): Darkroom {
  return createClient({ baseUrl: setting.url, token: user && setting.tokens[user], ...options });
}

/** What a promise is rejected with. */
export async function rejection<E extends Error>(
  promise: Promise<unknown>,
  Class: abstract new (...args: never[]) => E,
): Promise<E> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Class) return error;
    throw error;
  }
  throw new Error(`Nothing was thrown; expected ${Class.name}.`);
}
