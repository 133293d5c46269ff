/** A film as attributes, for whatever writes the elements. */

import type { FilmSource, Poster, TextTrack } from './generated/content.js';
import { escapeHtml, startTag, type Attributes } from './html.js';

/** A film of any endpoint or block. */
export interface VideoLike {
  title: string;
  alt: string;
  width: number | null;
  height: number | null;
  poster: Poster | null;
  sources: readonly FilmSource[];
  tracks: readonly TextTrack[];
  projection?: { type: string } | null;
}

export interface VideoOptions {
  /** How much is loaded before anyone plays it: `none` for the poster only. */
  preload?: 'none' | 'metadata' | 'auto' | undefined;
  /** Plays by itself, without sound and over and over: a picture that moves. */
  ambient?: boolean | undefined;
}

export interface VideoAttributes {
  video: {
    poster?: string;
    width?: number;
    height?: number;
    preload: 'none' | 'metadata' | 'auto';
    playsinline: true;
    controls?: true;
    autoplay?: true;
    muted?: true;
    loop?: true;
    crossorigin?: 'anonymous';
    'aria-label': string;
  };
  /** One `<source>` each, in the order in which a browser should try them. */
  sources: { src: string; type: string }[];
  /** One `<track>` each. */
  tracks: { kind: string; src: string; srclang: string; label: string; default?: true }[];
}

/** What a `<video>` is made of; null while there is nothing to play: show `video.poster` then, which is a picture. */
export function video(film: VideoLike | null | undefined, options: VideoOptions = {}): VideoAttributes | null {
  if (!film?.sources.length) return null;
  const { preload = 'metadata', ambient = false } = options;
  const attributes: VideoAttributes['video'] = { preload, playsinline: true, 'aria-label': film.alt || film.title };
  if (film.poster) attributes.poster = film.poster.src;
  if (film.width && film.height) Object.assign(attributes, { width: film.width, height: film.height });
  Object.assign(attributes, ambient ? { autoplay: true, muted: true, loop: true } : { controls: true });
  // Tracks of another host are read under CORS only, and then the film is, too; so are the pictures of one to look around in.
  const read = [...film.tracks, ...(film.projection ? film.sources : [])];
  if (read.some(({ src }) => src.includes('//'))) attributes.crossorigin = 'anonymous';
  return {
    video: attributes,
    sources: film.sources.map(({ src, type }) => ({ src, type })),
    tracks: film.tracks.map(({ kind, src, srclang, label, default: isDefault }) => ({
      kind,
      src,
      srclang,
      label,
      ...(isDefault ? { default: true as const } : {}),
    })),
  };
}

/** `<video>…</video>`; empty while there is nothing to play. `attributes` are for the `<video>`. */
export function videoHtml(
  film: VideoLike | null | undefined,
  { attributes, ...options }: VideoOptions & { attributes?: Attributes } = {},
): string {
  const found = video(film, options);
  if (!found) return '';
  const sources = found.sources.map((source) => startTag('source', source)).join('');
  const tracks = found.tracks.map((track) => startTag('track', track)).join('');
  const words = escapeHtml(found.video['aria-label']);
  return `${startTag('video', { ...found.video, ...attributes })}${sources}${tracks}${words}</video>`;
}
