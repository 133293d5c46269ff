/** What Darkroom writes for programs, under the address of this site. */

import type { APIRoute } from 'astro';
import { CMS_URL } from 'astro:env/server';

const PASSED = ['Content-Type', 'Cache-Control', 'ETag', 'Last-Modified'];
const ASKED = ['If-None-Match', 'If-Modified-Since'];

/** A route that answers what Darkroom answers at a path. */
export function proxied(path: string): APIRoute {
  return async ({ request, url }) => {
    const headers = new Headers();
    for (const name of ASKED) {
      const value = request.headers.get(name);
      if (value) headers.set(name, value);
    }
    const answer = await fetch(new URL(path + url.search, CMS_URL), { headers, redirect: 'manual' });
    const passed = new Headers();
    for (const name of PASSED) {
      const value = answer.headers.get(name);
      if (value) passed.set(name, value);
    }
    return new Response(answer.body, { status: answer.status, headers: passed });
  };
}
