/** A picture as attributes, for whatever writes the elements. */

import type { Crop, FocalPoint, Placeholder, Poster } from './generated/content.js';
import { startTag, styleText, type Attributes } from './html.js';
import { placeholderUrl } from './placeholder.js';

/** An image of any endpoint or block, or the poster of a film. */
export interface PictureLike extends Omit<Poster, 'src' | 'focal_point' | 'presets'> {
  src: string | null;
  focal_point?: FocalPoint | null;
  /** Its JPEGs shine on screens that can do it, as no other format here does. */
  hdr?: boolean;
  presets?: Readonly<Record<string, Crop>>;
}

export interface PictureOptions {
  /** A crop by its name, such as `hero`; the whole picture while there is none. */
  preset?: string | undefined;
  /** How wide it is shown, for browsers to choose a size: `(min-width: 60em) 50vw, 100vw`. */
  sizes?: string | undefined;
  /** Instead of the alt text of the picture; empty for what only pleases the eye. */
  alt?: string | undefined;
  /** For the first picture of a page: loaded at once, before others. */
  priority?: boolean | undefined;
  /** False for no colours while it loads: they are in `style`, which a strict Content-Security-Policy may forbid. */
  placeholder?: boolean | undefined;
}

export interface PictureAttributes {
  /** One `<source>` each, best first. */
  sources: { type: string; srcset: string; sizes: string; media?: string }[];
  img: {
    src: string;
    srcset?: string;
    sizes?: string;
    alt: string;
    width?: number;
    height?: number;
    loading: 'lazy' | 'eager';
    decoding: 'async' | 'auto';
    fetchpriority?: 'high';
  };
  /** CSS for the `<img>`, by the names of the DOM: focal point and placeholder. */
  style: Record<string, string>;
}

/** What a `<picture>` is made of; null where there is nothing to show yet. */
export function picture(image: PictureLike | null | undefined, options: PictureOptions = {}): PictureAttributes | null {
  if (!image?.src) return null;
  const { preset, sizes = '100vw', alt = image.alt, priority = false } = options;
  const crop = preset === undefined ? undefined : image.presets?.[preset];
  const shown = crop ?? { ...image, src: image.src };
  const img: PictureAttributes['img'] = {
    src: shown.src,
    alt,
    loading: priority ? 'eager' : 'lazy',
    decoding: priority ? 'auto' : 'async',
  };
  if (shown.srcset) Object.assign(img, { srcset: shown.srcset, sizes });
  if (shown.width && shown.height) Object.assign(img, { width: shown.width, height: shown.height });
  if (priority) img.fetchpriority = 'high';
  const shining =
    image.hdr && shown.srcset
      ? [{ type: 'image/jpeg', srcset: shown.srcset, sizes, media: '(dynamic-range: high)' }]
      : [];
  return {
    sources: [...shining, ...shown.sources.map(({ type, srcset }) => ({ type, srcset, sizes }))],
    img,
    style: {
      ...(crop ? {} : focus(image.focal_point)),
      ...(options.placeholder === false ? {} : backdrop(image.placeholder)),
    },
  };
}

/** The largest file of a picture that any browser shows; null where there is none yet. */
export function largest({ src, srcset }: Pick<PictureLike, 'src' | 'srcset'>): string | null {
  // They are listed from the smallest to the largest.
  return srcset.split(', ').at(-1)?.split(' ')[0] || src;
}

/** `<picture>…</picture>`; empty where there is nothing to show yet. `attributes` are for the `<img>`. */
export function pictureHtml(
  image: PictureLike | null | undefined,
  { attributes, ...options }: PictureOptions & { attributes?: Attributes } = {},
): string {
  const found = picture(image, options);
  if (!found) return '';
  const sources = found.sources.map((source) => startTag('source', source)).join('');
  const img = startTag('img', { ...found.img, style: styleText(found.style), ...attributes });
  return `<picture>${sources}${img}</picture>`;
}

/** So that the point that matters stays in sight where CSS crops with `object-fit: cover`. */
function focus(point: FocalPoint | null | undefined): Record<string, string> {
  return point ? { objectPosition: `${percent(point.x)} ${percent(point.y)}` } : {};
}

function backdrop(placeholder: Placeholder | null): Record<string, string> {
  const url = placeholder && placeholderUrl(placeholder.thumbhash);
  return url ? { background: `${placeholder.color} url("${url}") center / cover no-repeat` } : {};
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 1000) / 10}%`;
}
