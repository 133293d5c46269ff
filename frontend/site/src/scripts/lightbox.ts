/** Pictures of a wall one after the other, over the whole window: by click, keyboard and swipe. */

const dialog = document.createElement('dialog');
dialog.className = 'lightbox';
dialog.setAttribute('aria-label', 'Pictures');
dialog.innerHTML = `
  <div class="stage"></div>
  <p class="caption" aria-live="polite"></p>
  <button type="button" class="previous" aria-label="Previous picture">‹</button>
  <button type="button" class="next" aria-label="Next picture">›</button>
  <button type="button" class="close" aria-label="Close">×</button>`;
document.body.append(dialog);

const stage = dialog.querySelector('.stage')!;
const caption = dialog.querySelector('.caption')!;
const buttons = dialog.querySelectorAll<HTMLButtonElement>('.previous, .next');
let links: HTMLAnchorElement[] = [];
let place = 0;

function show(to: number): void {
  place = (to + links.length) % links.length;
  const link = links[place]!;
  const picture = link.querySelector('picture')!.cloneNode(true) as HTMLPictureElement;
  for (const element of picture.querySelectorAll<HTMLSourceElement | HTMLImageElement>('source, img')) {
    element.sizes = '100vw';
  }
  const image = picture.querySelector('img')!;
  image.loading = 'eager';
  image.className = '';
  stage.replaceChildren(link.dataset['area'] ? sphereOf(link, picture) : picture);
  caption.textContent = [links.length > 1 ? `${place + 1} of ${links.length}` : '', link.dataset['caption']]
    .filter(Boolean)
    .join(' · ');
}

/** A panorama, for the viewer to find. */
function sphereOf({ dataset }: HTMLElement, picture: HTMLPictureElement): HTMLElement {
  const sphere = document.createElement('div');
  sphere.className = 'sphere';
  Object.assign(sphere.dataset, dataset, { sphere: '' });
  sphere.append(picture);
  return sphere;
}

function open(wall: Element, link: HTMLAnchorElement): void {
  links = [...wall.querySelectorAll('a')];
  buttons.forEach((button) => (button.hidden = links.length < 2));
  show(links.indexOf(link));
  dialog.showModal();
}

const isRtl = () => getComputedStyle(dialog).direction === 'rtl';
const step = (by: number) => show(place + (isRtl() ? -by : by));

document.addEventListener('click', (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>('[data-lightbox] a');
  // A new tab is a new tab.
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link.closest('[data-lightbox]')!, link);
});
dialog.querySelector('.previous')!.addEventListener('click', () => show(place - 1));
dialog.querySelector('.next')!.addEventListener('click', () => show(place + 1));
dialog.querySelector('.close')!.addEventListener('click', () => dialog.close());
dialog.addEventListener('click', ({ target }) => {
  if (target === dialog || target === stage) dialog.close();
});
dialog.addEventListener('keydown', (event) => {
  const moves: Record<string, () => void> = {
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    Home: () => show(0),
    End: () => show(links.length - 1),
  };
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  move();
});
// The picture that was looked at last is where reading goes on.
dialog.addEventListener('close', () => links[place]?.focus());

let from = 0;
dialog.addEventListener('pointerdown', ({ clientX }) => (from = clientX));
dialog.addEventListener('pointerup', ({ clientX, pointerType, target }) => {
  if (target instanceof HTMLCanvasElement) return;
  if (pointerType === 'touch' && Math.abs(clientX - from) > 50) step(clientX < from ? 1 : -1);
});

export {};
