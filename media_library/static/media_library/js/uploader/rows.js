/** The list: one row for each file that is looked at, so that a thousand files are no thousand rows. */

import { OVER, PROBLEMS } from './item.js';
import { bytes, say } from './texts.js';

const AT_FIRST = 50;
const MORE = 100;

const FILTERS = {
  all: () => true,
  open: (item) => item.state !== 'done' && !PROBLEMS.has(item.state),
  problems: (item) => PROBLEMS.has(item.state),
  done: (item) => item.state === 'done',
};

/** What the buttons of a row are for, and when. */
const BUTTONS = {
  describe: ['describeFile', (item) => item.state !== 'refused' && !item.usesExisting],
  pause: ['pauseFile', (item) => ['waiting', 'uploading', 'reconnecting'].includes(item.state)],
  resume: ['resumeFile', (item) => item.state === 'paused'],
  retry: ['retryFile', (item) => item.state === 'failed'],
  cancel: ['cancelFile', (item) => !OVER.has(item.state)],
  remove: ['removeFile', (item) => OVER.has(item.state)],
};

/** Where the focus goes from a button that goes. */
const AFTER = { pause: 'resume', resume: 'pause', retry: 'cancel' };

const stateOf = (item) => {
  const percent = Math.floor(item.share * 100);
  if (item.state === 'importing') return say(item.size ? 'importingPercent' : 'importing', { percent });
  if (item.usesExisting) return say('usesExisting');
  if (item.reason) return item.reason;
  if (item.existing && !item.existing.isSameFile) return say('similar');
  return say(item.state, { percent });
};

export class Rows {
  filter = 'all';
  limit = AT_FIRST;
  rows = new Map();
  waiting = new Set();

  constructor(queue, { list, more, template }) {
    Object.assign(this, { queue, list, more, template });
    queue.addEventListener('item', ({ detail }) => this.refresh(detail));
    queue.addEventListener('list', () => this.render());
    list.addEventListener('click', (event) => this.click(event));
    list.addEventListener('input', (event) => this.type(event));
    list.addEventListener('submit', (event) => event.preventDefault());
    more.addEventListener('click', () => {
      const first = this.list.children.length;
      this.limit += MORE;
      this.render();
      this.list.children[first]?.querySelector('a, button')?.focus();
    });
  }

  show(filter) {
    this.filter = filter;
    this.limit = AT_FIRST;
    this.render();
  }

  /** Put the rows that are looked at in place, and take the others away. One that is being described stays. */
  render() {
    const matching = this.queue.items.filter((item) => FILTERS[this.filter](item) || this.isEdited(item));
    const shown = matching.slice(0, this.limit);
    const kept = new Set(shown);
    [...this.rows].forEach(([item, row]) => {
      if (kept.has(item)) return;
      row.remove();
      this.rows.delete(item);
    });
    shown.forEach((item, index) => {
      if (!this.rows.has(item)) this.rows.set(item, this.make(item));
      const row = this.rows.get(item);
      if (this.list.children[index] !== row) this.list.insertBefore(row, this.list.children[index] ?? null);
      this.update(item);
    });
    this.more.hidden = shown.length === matching.length;
    this.more.textContent = say('more', { count: Math.min(MORE, matching.length - shown.length) });
  }

  isEdited(item) {
    const row = this.rows.get(item);
    return Boolean(row) && !part(row, 'details').hidden;
  }

  make(item) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    row.dataset.id = item.id;
    row.querySelectorAll('[data-label-for]').forEach((label) => {
      const field = row.querySelector(`[name="${label.dataset.labelFor}"]`);
      field.id = `upload-${item.id}-${field.name}`;
      label.htmlFor = field.id;
    });
    return row;
  }

  /** Many changes between two frames are one. */
  refresh(item) {
    if (!this.waiting.size) requestAnimationFrame(() => this.flush());
    this.waiting.add(item);
  }

  flush() {
    const items = [...this.waiting];
    this.waiting.clear();
    const moved = items.some((item) => this.filter !== 'all' && FILTERS[this.filter](item) !== this.rows.has(item));
    if (moved) this.render();
    else items.forEach((item) => this.update(item));
  }

  update(item) {
    const row = this.rows.get(item);
    if (!row) return;
    row.dataset.state = item.state;
    const name = part(row, 'name');
    set(name, 'textContent', item.asset?.title || item.name);
    if (item.asset?.editUrl) {
      set(name, 'href', item.asset.editUrl);
      set(name, 'target', '_blank');
    }
    set(part(row, 'size'), 'textContent', item.size ? bytes(item.size) : '');
    const progress = part(row, 'progress');
    progress.hidden = OVER.has(item.state) || item.state === 'failed';
    progress.value = item.share;
    set(progress, 'ariaLabel', item.name);
    set(part(row, 'state'), 'textContent', stateOf(item));
    set(part(row, 'warning'), 'textContent', item.asset?.sizeWarning ?? '');
    this.updateCard(row, item);
    this.updateDuplicate(row, item);
    this.updateButtons(row, item);
    set(part(row, 'saved'), 'textContent', item.saving);
    row.querySelectorAll('[data-not-for]').forEach((field) => {
      field.hidden = field.dataset.notFor === item.kind;
    });
    if (item.asset) this.fill(row, item);
  }

  updateCard(row, item) {
    const card = part(row, 'card');
    const id = String(item.asset?.id ?? '');
    if (!id || card.dataset.asset === id) return;
    card.dataset.asset = id;
    card.innerHTML = item.asset.card;
  }

  updateDuplicate(row, item) {
    const { existing } = item;
    part(row, 'duplicate').hidden = !existing;
    if (!existing) return;
    const link = part(row, 'existing');
    set(link, 'textContent', existing.title);
    set(link, 'href', existing.editUrl ?? '');
    const picture = part(row, 'existing-picture');
    picture.hidden = !existing.thumbnail;
    if (existing.thumbnail) set(picture, 'src', existing.thumbnail);
  }

  updateButtons(row, item) {
    row.querySelectorAll('.upload-row__actions [data-act]').forEach((button) => {
      const [label, isOffered] = BUTTONS[button.dataset.act];
      const hadFocus = button === document.activeElement;
      button.hidden = !isOffered(item);
      set(button, 'ariaLabel', say(label, { name: item.name }));
      set(button, 'title', say(label, { name: item.name }));
      if (hadFocus && button.hidden) {
        const next = row.querySelector(`[data-act="${AFTER[button.dataset.act]}"]`);
        (next && !next.hidden ? next : row.querySelector('.upload-row__actions button:not([hidden])'))?.focus();
      }
    });
  }

  /** Put what is known into the fields that nobody is writing in. */
  fill(row, item) {
    [...part(row, 'details').elements].forEach((field) => {
      if (field.name && field !== document.activeElement) field.value = item.valueOf(field.name) || field.value;
    });
  }

  itemOf(element) {
    const { id } = element.closest('.upload-row').dataset;
    return this.queue.items.find((item) => item.id === id);
  }

  click(event) {
    const button = event.target.closest('[data-act]');
    if (!button) return;
    const item = this.itemOf(button);
    const action = button.dataset.act;
    if (action === 'describe') this.toggle(button, item);
    else if (action === 'remove') this.leave(button, () => this.queue.remove(item));
    else if (action === 'cancel') this.leave(button, () => this.queue.attempt(item, 'cancel'));
    else this.queue.attempt(item, { 'use-existing': 'useExisting', 'keep-both': 'keepBoth' }[action] ?? action);
  }

  /** The focus goes to the neighbour of a row that goes. */
  leave(button, act) {
    const row = button.closest('.upload-row');
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    act();
    neighbour?.querySelector('.upload-row__actions button:not([hidden])')?.focus();
  }

  toggle(button, item) {
    const row = button.closest('.upload-row');
    const details = part(row, 'details');
    details.hidden = !details.hidden;
    button.setAttribute('aria-expanded', String(!details.hidden));
    if (details.hidden) return;
    const title = details.elements.namedItem('title');
    this.fill(row, item);
    if (!title.value) title.value = item.name.replace(/\.[^.]+$/, '');
    title.focus();
  }

  type(event) {
    if (event.target.name) this.itemOf(event.target)?.write(event.target.name, event.target.value);
  }
}

const part = (row, name) => row.querySelector(`[data-row="${name}"]`);

/** Screen readers and browsers take each assignment for a change. */
const set = (element, name, value) => {
  if (element[name] !== value) element[name] = value;
};

