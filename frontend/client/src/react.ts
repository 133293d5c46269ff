/** `<CmsImage>` and `<CmsVideo>` for React 18 and later, on servers as in browsers. */

import { createElement, type ComponentPropsWithoutRef, type CSSProperties, type ReactElement } from 'react';

import { picture, type PictureLike, type PictureOptions } from './picture.js';
import { video as videoAttributes, type VideoLike, type VideoOptions } from './video.js';

export type { PictureLike, PictureOptions } from './picture.js';
export type { VideoLike, VideoOptions } from './video.js';

type ImgProps = Omit<ComponentPropsWithoutRef<'img'>, 'src' | 'srcSet' | 'sizes' | 'alt' | 'placeholder'>;
type VideoProps = Omit<ComponentPropsWithoutRef<'video'>, 'src' | 'poster' | 'children' | 'preload'>;

export interface CmsImageProps extends PictureOptions, ImgProps {
  /** An image of the API, or the poster of a film; nothing is drawn for null. */
  image: PictureLike | null | undefined;
}

export interface CmsVideoProps extends VideoOptions, VideoProps {
  /** A film of the API; its poster is drawn while there is nothing to play yet. */
  video: VideoLike | null | undefined;
}

/** A `<picture>`; `className`, `style` and other props are those of its `<img>`. */
export function CmsImage(props: CmsImageProps): ReactElement | null {
  const { image, preset, sizes, alt, priority, placeholder, style, ...rest } = props;
  const found = picture(image, { preset, sizes, alt, priority, placeholder });
  if (!found) return null;
  const { srcset, fetchpriority, ...img } = found.img;
  return createElement(
    'picture',
    null,
    ...found.sources.map(({ type, srcset, ...source }) =>
      createElement('source', { key: type, type, srcSet: srcset, ...source }),
    ),
    createElement('img', {
      ...img,
      ...(srcset ? { srcSet: srcset } : {}),
      ...(fetchpriority ? { fetchPriority: fetchpriority } : {}),
      ...rest,
      style: { ...found.style, ...style } as CSSProperties,
    }),
  );
}

/** A `<video>` with its sources and tracks. */
export function CmsVideo(props: CmsVideoProps): ReactElement | null {
  const { video, preload, ambient, style, className, ...rest } = props;
  const found = videoAttributes(video, { preload, ambient });
  if (!found) return video?.poster ? createElement(CmsImage, { image: video.poster, style, className }) : null;
  const { playsinline, autoplay, crossorigin, ...attributes } = found.video;
  return createElement(
    'video',
    {
      ...attributes,
      playsInline: playsinline,
      ...(autoplay ? { autoPlay: autoplay } : {}),
      ...(crossorigin ? { crossOrigin: crossorigin } : {}),
      style,
      className,
      ...rest,
    },
    ...found.sources.map((source) => createElement('source', { key: source.src, ...source })),
    ...found.tracks.map(({ srclang, ...track }) => createElement('track', { key: track.src, srcLang: srclang, ...track })),
    attributes['aria-label'],
  );
}
