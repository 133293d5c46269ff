/** Tells Darkroom what visitors saw, from their browsers. Apart from the client, which belongs on a server. */

const AT_ONCE = 50;

/** A page was opened. */
export function tellPageView(baseUrl: string, id: number): void {
  // As text, which needs no question beforehand (CORS preflight).
  navigator.sendBeacon(`${baseUrl}/api/v2/views/`, JSON.stringify({ page: id }));
}

/**
 * Tells of each picture, film and sound with `data-asset`, its id, once: that half of it was in sight, and, with
 * `data-plays`, that it was played.
 */
export function watchMedia(baseUrl: string, within: ParentNode = document): void {
  const waiting = new Map<string, { id: number; type: 'view' | 'play' }>();
  const told = new Set<string>();
  const add = (element: HTMLElement, type: 'view' | 'play') => {
    const id = Number(element.dataset['asset']);
    const key = `${type}${id}`;
    if (!id || told.has(key)) return;
    told.add(key);
    waiting.set(key, { id, type });
  };
  const send = () => {
    const events = [...waiting.values()];
    waiting.clear();
    while (events.length) {
      navigator.sendBeacon(`${baseUrl}/api/media/beacon/`, JSON.stringify({ events: events.splice(0, AT_ONCE) }));
    }
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        add(target as HTMLElement, 'view');
      }
    },
    { threshold: 0.5 },
  );
  for (const element of within.querySelectorAll<HTMLElement>('[data-asset]')) {
    observer.observe(element);
    if ('plays' in element.dataset) element.addEventListener('play', () => add(element, 'play'), { once: true });
  }
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) send();
  });
}
