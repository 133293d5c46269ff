/**
 * Makes each `<div data-sphere>` a place to look around in: drag, arrow keys, plus and minus, Home.
 *
 * Inside is a `<picture>`, or a film of our player, or one within `data-own-controls`, which has controls that lie above it.
 * Without scripts, without WebGL 2, or where another host doesn't let its pictures be read (CORS), it stays as it is: flat,
 * and whole. The element is told by an event `sphere` when its class `sphere--live` has come or gone.
 *
 * Front ends have it from here, too: the reference site (frontend/site) does.
 */

import { SphereView } from './sphere/view.js';

/** How far below or above the window one is when it is prepared. */
const NEAR = '200px';

const STEP = Math.PI / 18;

const KEYS = {
  ArrowLeft: (view) => view.turn(-STEP, 0),
  ArrowRight: (view) => view.turn(STEP, 0),
  ArrowUp: (view) => view.turn(0, STEP),
  ArrowDown: (view) => view.turn(0, -STEP),
  '+': (view) => view.widen(0.85),
  '=': (view) => view.widen(0.85),
  '-': (view) => view.widen(1 / 0.85),
  Home: (view) => view.reset(),
};

function makeCanvas({ label, hint }) {
  const canvas = document.createElement('canvas');
  canvas.className = 'sphere__canvas';
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', label);
  canvas.setAttribute('aria-description', hint);
  canvas.title = hint;
  return canvas;
}

function makeView(element, canvas) {
  const area = element.dataset.area.split(' ').map(Number);
  const view = new SphereView(canvas, area, element.dataset.stereo);
  listen(view, canvas);
  new ResizeObserver(() => {
    const scale = Math.min(2, window.devicePixelRatio);
    view.resize(Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale));
  }).observe(canvas);
  // What is below is flat, and still there.
  canvas.addEventListener('webglcontextlost', () => leave(element, canvas));
  return view;
}

function enter(element) {
  element.classList.add('sphere--live');
  element.dispatchEvent(new Event('sphere'));
}

function leave(element, canvas) {
  canvas.remove();
  element.classList.remove('sphere--live');
  element.querySelector('picture')?.removeAttribute('aria-hidden');
  element.dispatchEvent(new Event('sphere'));
}

/** `canvas.moved` is whether the pointer has turned the view since it went down. */
function listen(view, canvas) {
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    canvas.moved = false;
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    const scale = view.seen / canvas.clientHeight;
    canvas.moved ||= Math.abs(event.movementX) + Math.abs(event.movementY) > 1;
    view.turn(-event.movementX * scale, event.movementY * scale);
  });
  canvas.addEventListener('keydown', (event) => {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    // Of a film, the player would seek.
    event.stopPropagation();
    act(view);
  });
  canvas.addEventListener(
    'wheel',
    (event) => {
      // Whoever only scrolls past goes on scrolling.
      if (document.activeElement !== canvas) return;
      event.preventDefault();
      view.widen(Math.exp(event.deltaY / 1000));
    },
    { passive: false },
  );
}

async function showPicture(element) {
  const source = new Image();
  source.crossOrigin = 'anonymous';
  source.src = element.dataset.src;
  await source.decode();
  const canvas = makeCanvas(element.dataset);
  const view = makeView(element, canvas);
  view.show(source);
  element.append(canvas);
  element.querySelector('picture')?.setAttribute('aria-hidden', 'true');
  enter(element);
}

/** Over the film, below its controls; the browser's own controls would be hidden by it. */
function showFilm(element, video) {
  const hasControls = video.closest('.video-js, [data-own-controls]');
  if (!hasControls || element.classList.contains('sphere--live')) return;
  const canvas = makeCanvas(element.dataset);
  const view = makeView(element, canvas);
  const follow = () => {
    if (!canvas.isConnected) return;
    try {
      if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) view.show(video);
    } catch (error) {
      console.warn(error);
      leave(element, canvas);
      return;
    }
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(follow);
    else requestAnimationFrame(follow);
  };
  video.after(canvas);
  enter(element);
  canvas.addEventListener('click', () => {
    if (canvas.moved) return;
    if (video.paused) video.play();
    else video.pause();
  });
  follow();
}

async function prepare(element) {
  near.unobserve(element);
  try {
    if (element.dataset.src) await showPicture(element);
    // The player comes when the film is near; what is on the canvas, when it plays.
    else element.addEventListener('playing', ({ target }) => tryFilm(element, target), { capture: true });
  } catch (error) {
    console.info(error);
  }
}

function tryFilm(element, video) {
  try {
    showFilm(element, video);
  } catch (error) {
    console.info(error);
  }
}

const near = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => prepare(entry.target)),
  { rootMargin: NEAR },
);

const known = new WeakSet();

function watch() {
  document.querySelectorAll('[data-sphere]').forEach((element) => {
    if (known.has(element)) return;
    known.add(element);
    near.observe(element);
  });
}

// Previews put films on a page that is there already.
new MutationObserver((changes) => {
  if (changes.some((change) => change.addedNodes.length)) watch();
}).observe(document.body, { childList: true, subtree: true });

watch();
