/** What browsers may load on pages of this site, as headers say it: nothing inline, and nothing from anywhere else. */

import { MEDIA_ORIGINS } from 'astro:env/server';

import { publicUrl } from './cms';

const cms = new URL(publicUrl).origin;
const media = [cms, ...MEDIA_ORIGINS.split(/\s+/).filter(Boolean)].join(' ');

const DIRECTIVES = [
  "default-src 'none'",
  // Placeholders of pictures are data of some hundred bytes.
  `img-src 'self' data: ${media}`,
  // hls.js hands films to the browser as a blob.
  `media-src 'self' blob: ${media}`,
  `connect-src 'self' ${media}`,
  // Films of others, which Darkroom embeds.
  'frame-src https:',
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
];

/**
 * `Content-Security-Policy`. A draft may stand in a frame of the admin, whose checks of the page it runs; no other page
 * may stand in any frame.
 */
export function policy(isPreview: boolean): string {
  const own = isPreview ? `'self' ${cms}` : "'self'";
  const code = ['script-src', 'style-src', 'font-src'].map((name) => `${name} ${own}`);
  return [...DIRECTIVES, ...code, `frame-ancestors ${isPreview ? cms : "'none'"}`].join('; ');
}
