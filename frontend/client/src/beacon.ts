/** Tells Darkroom what visitors saw, from their browsers. Apart from the client, which belongs on a server. */

export { runExperiments, sessionValue, variantOf, type Variant } from './experiments.js';

import { placeOn } from './place.js';
import { Viewing, type Watched } from './viewing.js';

const AT_ONCE = 50;

const WIDEST = 16_384;

type AssetEvent =
  | { id: number; type: 'view' | 'play'; width?: number; slot?: string }
  | { id: number; type: 'click'; x: number; y: number }
  | { id: number; type: 'download' }
  | ({ id: number; type: 'watch' } & Watched);

/** A page was opened. */
export function tellPageView(baseUrl: string, id: number): void {
  // As text, which needs no question beforehand (CORS preflight).
  navigator.sendBeacon(`${baseUrl}/api/v2/views/`, JSON.stringify({ page: id }));
}

/**
 * Tells of each picture, film and sound with `data-asset`, its id: once, that half of it was in sight and how wide it
 * was at most, and with `data-slot` in which slot of the manifest; where pictures are clicked; with `data-plays`, that it
 * was played, and what of it was watched. Links with `data-downloads`, the id of a document, tell that it was downloaded.
 *
 * All is told when the page is left, or is not looked at for a while.
 */
export function watchMedia(baseUrl: string, within: ParentNode = document): void {
  const events: AssetEvent[] = [];
  const seen = new Map<string, HTMLElement[]>();
  const viewings = new Map<HTMLMediaElement, Viewing>();
  const told = new Set<string>();

  const isNew = (type: string, id: number) => {
    const key = `${type}${id}`;
    return !told.has(key) && Boolean(told.add(key));
  };
  const add = (event: AssetEvent) => {
    events.push(event);
    if (events.length >= AT_ONCE) post();
  };
  const post = () => {
    while (events.length) {
      navigator.sendBeacon(`${baseUrl}/api/media/beacon/`, JSON.stringify({ events: events.splice(0, AT_ONCE) }));
    }
  };
  const send = () => {
    for (const elements of seen.values()) {
      add({ id: idOf(elements[0]!), type: 'view', ...widthOf(elements), ...slotOf(elements) });
    }
    seen.clear();
    for (const [element, viewing] of viewings) {
      const watched = viewing.take();
      if (watched) add({ id: idOf(element), type: 'watch', ...watched });
    }
    post();
  };

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        const element = target as HTMLElement;
        observer.unobserve(element);
        const elements = seen.get(element.dataset['asset']!);
        if (elements) elements.push(element);
        else if (isNew('view', idOf(element))) seen.set(element.dataset['asset']!, [element]);
      }
    },
    { threshold: 0.5 },
  );

  for (const element of within.querySelectorAll<HTMLElement>('[data-asset]')) {
    const id = idOf(element);
    if (!id) continue;
    observer.observe(element);
    if (element instanceof HTMLImageElement) {
      element.addEventListener('click', (event) => {
        const place = clicked(element, event);
        if (place) add({ id, type: 'click', ...place });
      });
    }
    if (element instanceof HTMLMediaElement && 'plays' in element.dataset) {
      const viewing = new Viewing();
      viewings.set(element, viewing);
      element.addEventListener('play', () => isNew('play', id) && add({ id, type: 'play', ...widthOf([element]) }));
      const at = () => viewing.at(element.currentTime, element.duration);
      // From the moment of "play": a busy browser tells late that it is playing.
      for (const name of ['play', 'playing', 'timeupdate', 'pause', 'ended']) element.addEventListener(name, at);
      for (const name of ['seeking', 'pause', 'ended']) element.addEventListener(name, () => viewing.jump());
    }
  }
  for (const link of within.querySelectorAll<HTMLElement>('[data-downloads]')) {
    const id = Number(link.dataset['downloads']);
    if (id) link.addEventListener('click', () => add({ id, type: 'download' }));
  }
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) send();
  });
}

function idOf(element: HTMLElement): number {
  return Number(element.dataset['asset']);
}

/** Of the widest of these, in pixels of the screen; nothing for a sound. */
function widthOf(elements: HTMLElement[]): { width?: number } {
  if (elements[0] instanceof HTMLAudioElement) return {};
  const width = Math.max(...elements.map((one) => Math.round(one.clientWidth * window.devicePixelRatio)));
  return width > 0 ? { width: Math.min(WIDEST, width) } : {};
}

/** Where the widest of these is shown, as the manifest names it; nothing where nobody says. */
function slotOf(elements: HTMLElement[]): { slot?: string } {
  const widest = elements.reduce((one, other) => (other.clientWidth > one.clientWidth ? other : one));
  const slot = widest.dataset['slot'];
  return slot ? { slot: slot.slice(0, 32) } : {};
}

/** Nothing where there was no pointer: a link around the picture was followed by the keyboard. */
function clicked(image: HTMLImageElement, event: MouseEvent): { x: number; y: number } | null {
  if (!event.detail) return null;
  const box = image.getBoundingClientRect();
  const { objectFit, objectPosition } = getComputedStyle(image);
  const { naturalWidth, naturalHeight } = image;
  const shown = { width: box.width, height: box.height, naturalWidth, naturalHeight };
  return placeOn({ ...shown, fit: objectFit, position: objectPosition }, event.clientX - box.x, event.clientY - box.y);
}
