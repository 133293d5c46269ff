/**
 * Which of two pictures a visitor sees: chosen in the browser, by a random value that never leaves it.
 *
 * The answer of the API has both, so that it is the same for everybody and may be kept by any cache.
 */

const AT_ONCE = 50;

const KEPT_AS = 'darkroom-experiments';

export type Variant = 'a' | 'b';

let ofThisPage: string | undefined;

/**
 * The variant of an experiment for whoever has this value: always the same, half of all values see either, and what
 * somebody sees in one experiment says nothing of what they see in others.
 *
 * FNV-1a with 32 bits (draft-eastlake-fnv) over the UTF-8 of `<experiment>:<value>`, mixed by the last steps of
 * MurmurHash3 (fmix32), since the highest bit of FNV-1a alone hardly depends on the last characters; below 2^31 is `a`.
 */
export function variantOf(experiment: number, value: string): Variant {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${experiment}:${value}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash >>> 0 < 2 ** 31 ? 'a' : 'b';
}

/** A random value of this tab, gone when it is closed; of this page only, where nothing may be kept. */
export function sessionValue(): string {
  try {
    const kept = sessionStorage.getItem(KEPT_AS);
    if (kept) return kept;
    ofThisPage ??= random();
    sessionStorage.setItem(KEPT_AS, ofThisPage);
  } catch {
    ofThisPage ??= random();
  }
  return ofThisPage;
}

/**
 * Shows of each pair of elements with `data-experiment`, its id, and `data-variant`, `a` or `b`, the one that is for
 * this visitor, and hides the other. Tells, once a page for each experiment, that half of it was in sight, and that it
 * was clicked: it, or anything within the nearest element around it with `data-experiment-area`, as a card whose title
 * is the link.
 */
export function runExperiments(baseUrl: string, within: ParentNode = document): void {
  const events: { experiment: number; variant: Variant; type: 'shown' | 'clicked' }[] = [];
  const told = new Set<string>();
  const value = sessionValue();

  const add = (experiment: number, variant: Variant, type: 'shown' | 'clicked') => {
    const key = `${type}${experiment}`;
    if (told.has(key)) return;
    told.add(key);
    events.push({ experiment, variant, type });
  };
  const send = () => {
    while (events.length) {
      navigator.sendBeacon(`${baseUrl}/api/v2/experiments/`, JSON.stringify({ events: events.splice(0, AT_ONCE) }));
    }
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        const { experiment, variant } = (target as HTMLElement).dataset;
        observer.unobserve(target);
        add(Number(experiment), variant as Variant, 'shown');
      }
    },
    { threshold: 0.5 },
  );
  for (const element of within.querySelectorAll<HTMLElement>('[data-experiment][data-variant]')) {
    const experiment = Number(element.dataset['experiment']);
    if (!experiment) continue;
    const variant = variantOf(experiment, value);
    element.hidden = element.dataset['variant'] !== variant;
    if (element.hidden) continue;
    observer.observe(element);
    const area = element.closest<HTMLElement>('[data-experiment-area]') ?? element;
    area.addEventListener('click', () => {
      // Whoever clicks has seen it, however little of it was in sight.
      add(experiment, variant, 'shown');
      add(experiment, variant, 'clicked');
    });
  }
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) send();
  });
}

function random(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
