/**
 * On every page of the admin: files that are dropped or pasted go to the uploader. It is a part of the page that adds
 * media, and on all others a tray in the corner, which is fetched when it is needed.
 *
 * Files are taken by `[data-upload-target]` (with `data-collection`, they go there), and by the page editor as a whole.
 * Fields that choose media, windows and fields for files take what is dropped on them themselves.
 */

import { chosen, dropped, holdsFiles, pasted } from './picking.js';
import { remembersAny } from './keeping.js';

const script = document.querySelector('script[data-upload-tray-url]');
const OVER = 'data-upload-over';
const TARGETS = '[data-upload-target]';
const OTHERS = 'input[type="file"], [data-controller~="media-choice"], .modal';
const EDITOR = '#page-edit-form, [data-edit-form]';

let panel = null;

const start = async (element) => {
  const { Panel } = await import('./panel.js');
  await import(element.dataset.tus);
  const made = new Panel(element);
  await made.queue.restore();
  return made;
};

const fetchTray = async () => {
  const response = await fetch(script.dataset.uploadTrayUrl, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
  if (!response.ok) throw new Error((await response.json()).message);
  document.body.insertAdjacentHTML('beforeend', await response.text());
  const tray = document.querySelector('[data-upload-tray]');
  const toggle = tray.querySelector('[data-upload-tray-toggle]');
  toggle.addEventListener('click', () => {
    const isOpen = tray.toggleAttribute('data-closed') === false;
    toggle.setAttribute('aria-expanded', String(isOpen));
  });
  tray.querySelector('[data-upload-tray-close]').addEventListener('click', () => {
    tray.hidden = true;
  });
  return tray.querySelector('[data-uploader]');
};

/** The uploader of this page; one that is made for the purpose where there is none. */
const uploader = () => {
  panel ??= (async () => start(document.querySelector('[data-uploader]') ?? (await fetchTray())))();
  return panel;
};

const showTray = () => {
  const tray = document.querySelector('[data-upload-tray]');
  if (tray) tray.hidden = false;
};

const complain = (text) =>
  document.dispatchEvent(new CustomEvent('w-messages:add', { detail: { clear: true, type: 'error', text } }));

const take = async (found, options) => {
  try {
    const [made, files] = await Promise.all([uploader(), found]);
    showTray();
    await made.add(files, options);
  } catch (error) {
    panel = null;
    complain(error.message);
  }
};

/** Where files that are held over an element would go: an element, or null. */
const targetOf = (element) => {
  if (!(element instanceof Element) || element.closest(OTHERS)) return null;
  return element.closest(TARGETS) ?? document.querySelector('[data-uploader]') ?? document.querySelector(EDITOR);
};

const mark = (target) => {
  document.querySelectorAll(`[${OVER}]`).forEach((one) => {
    if (one !== target) one.removeAttribute(OVER);
  });
  target?.setAttribute(OVER, '');
};

// Of the page that adds media; here, since somebody may be faster than what the uploader loads.
document.addEventListener('change', ({ target }) => {
  if (!target.matches('[data-uploader-input]')) return;
  take(chosen(target), {});
  target.value = '';
});

// Ahead of editors, which would show the file in place of the page, or do nothing.
document.addEventListener(
  'dragover',
  (event) => {
    if (!holdsFiles(event.dataTransfer)) return;
    const target = targetOf(event.target);
    mark(target);
    if (!target) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  },
  true,
);

document.addEventListener('dragleave', (event) => {
  if (!event.relatedTarget) mark(null);
});

document.addEventListener(
  'drop',
  (event) => {
    mark(null);
    if (!holdsFiles(event.dataTransfer)) return;
    const target = targetOf(event.target);
    if (!target) return;
    event.preventDefault();
    event.stopPropagation();
    take(dropped(event.dataTransfer), { target, collection: target.dataset.collection ?? '' });
  },
  true,
);

document.addEventListener('paste', (event) => {
  const { clipboardData } = event;
  // Whatever has the focus: somebody who pastes points at nothing.
  const target = document.querySelector(TARGETS) ?? targetOf(document.body);
  if (!target || !holdsFiles(clipboardData) || !clipboardData.files.length) return;
  // Text that is pasted into a field may bring a picture of itself along.
  const isText = [...clipboardData.types].some((type) => type.startsWith('text/'));
  const isField = event.target instanceof Element && event.target.closest('input, textarea, [contenteditable="true"]');
  if (isText && isField) return;
  event.preventDefault();
  // The clipboard is empty again when the event is over.
  const files = [...clipboardData.files];
  take(
    uploader().then(() => pasted(files)),
    { target, collection: target.dataset.collection ?? '' },
  );
});

if (document.querySelector('[data-uploader]')) {
  uploader();
} else if (await remembersAny()) {
  // Something was left unfinished on another page, unless by somebody else.
  const { queue } = await uploader();
  document.querySelector('[data-upload-tray]').hidden = !queue.items.length;
}
