import { defineMiddleware } from 'astro:middleware';

import { statusOf } from './cms';
import { policy } from './policy';

/** A page may be a minute old in a cache that many share, and be shown once more while a new one is fetched. */
const SHARED = 'public, max-age=10, s-maxage=60, stale-while-revalidate=600';

export const onRequest = defineMiddleware(async ({ locals, request, rewrite }, next) => {
  const response = await next().catch(async (error: unknown) => {
    if (statusOf(error) !== 503) throw error;
    console.error(error);
    return rewrite('/unavailable');
  });
  const { headers } = response;
  const isShared = !locals.isPrivate && !locals.isPreview && response.status < 400 && request.method !== 'POST';
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', isShared ? SHARED : 'no-store');
  if (locals.isPreview) headers.set('X-Robots-Tag', 'noindex, nofollow');
  headers.set('Content-Security-Policy', policy(Boolean(locals.isPreview)));
  if (headers.get('Content-Type') === 'text/html') headers.set('Content-Type', 'text/html; charset=utf-8');
  headers.set('X-Content-Type-Options', 'nosniff');
  // The address of a draft holds its token.
  headers.set('Referrer-Policy', locals.isPreview ? 'no-referrer' : 'strict-origin-when-cross-origin');
  headers.set('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
  return response;
});
