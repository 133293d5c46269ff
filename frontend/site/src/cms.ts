/** Darkroom, as this site asks it. */

import { createClient, DarkroomError, NetworkError, ServerError, type Site } from '@darkroom/client';
import { CMS_PUBLIC_URL, CMS_SITE, CMS_URL } from 'astro:env/server';

/** Where visitors' browsers find Darkroom. */
export const publicUrl = (CMS_PUBLIC_URL ?? CMS_URL).replace(/\/+$/, '');

export const site = CMS_SITE;

/** How long a page may wait for Darkroom, in milliseconds, before it says that it can't. */
const PATIENCE = 15_000;

/**
 * `fetch` that doesn't wait for ever, and asks once more when a connection was closed just as it was used again: servers
 * do so with idle ones, gunicorn after two seconds. What is sent is sent once.
 */
async function ask(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const once = () => fetch(input, { signal: AbortSignal.timeout(PATIENCE), ...init });
  try {
    return await once();
  } catch (error) {
    if ((init.method ?? 'GET') !== 'GET' || !(error instanceof TypeError)) throw error;
    return once();
  }
}

export const darkroom = createClient({ baseUrl: CMS_URL, fetch: ask });

const REMEMBERED = 10_000;
const sites = new Map<string, { until: number; found: Promise<Site> }>();

/** Name, menus and languages: asked for once in ten seconds, since every page has them. */
export function siteInfo(locale?: string): Promise<Site> {
  const key = locale ?? '';
  const known = sites.get(key);
  if (known && known.until > Date.now()) return known.found;
  const found = darkroom.getSite({ site: CMS_SITE, locale });
  sites.set(key, { until: Date.now() + REMEMBERED, found });
  // What went wrong is not remembered.
  found.catch(() => sites.delete(key));
  return found;
}

/** The status that an error of Darkroom has on this site. */
export function statusOf(error: unknown): number {
  if (error instanceof ServerError || error instanceof NetworkError) return 503;
  return error instanceof DarkroomError ? error.status || 503 : 500;
}
