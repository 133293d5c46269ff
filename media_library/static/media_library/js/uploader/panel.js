/** The uploader of a page: its queue, its list, and what is said about all files together. */

import { Queue } from './queue.js';
import { Rows } from './rows.js';
import { learn, say } from './texts.js';

const REFRESH_DELAY = 1500;
/** Milliseconds between two announcements to screen readers. */
const SPOKEN_DELAY = 10_000;

const duration = (seconds) => {
  if (seconds < 90) return say('remainingSeconds', { count: Math.max(5, Math.round(seconds / 5) * 5) });
  if (seconds < 90 * 60) return say('remainingMinutes', { count: Math.round(seconds / 60) });
  return say('remainingHours', { count: Math.round(seconds / 3600) });
};

export class Panel {
  constructor(element) {
    this.element = element;
    learn(element.querySelector('#uploader-messages'));
    const { url, importUrl, foldersUrl, partBytes, user } = element.dataset;
    const kinds = JSON.parse(element.querySelector('#uploader-kinds').textContent);
    this.queue = new Queue({ url, importUrl, foldersUrl, partBytes, user, kinds });
    this.rows = new Rows(this.queue, {
      list: this.find('list'),
      more: this.find('more'),
      template: element.querySelector('template[data-uploader-row]'),
    });
    this.listen();
  }

  find(name) {
    return this.element.querySelector(`[data-uploader-${name}]`);
  }

  listen() {
    const update = () => this.schedule();
    ['item', 'list', 'tick'].forEach((name) => this.queue.addEventListener(name, update));
    this.queue.addEventListener('arrived', ({ detail }) => this.arrived(detail));
    window.addEventListener('beforeunload', (event) => {
      if (this.queue.wouldLose) event.preventDefault();
    });
    this.element.addEventListener('click', ({ target }) => {
      const all = target.closest('[data-uploader-all]');
      if (all) this.queue.all(all.dataset.uploaderAll);
      const filter = target.closest('[data-uploader-filter]');
      if (filter) this.show(filter);
    });
    this.find('options').addEventListener('submit', (event) => event.preventDefault());
    this.find('import')?.addEventListener('submit', (event) => this.import(event));
  }

  /** What is chosen for all files that come from now on. */
  get options() {
    const { folders = '', ...details } = Object.fromEntries(new FormData(this.find('options')));
    return { folders, details: Object.fromEntries(Object.entries(details).filter(([, value]) => value)) };
  }

  async add(found, { collection = '', target = null } = {}) {
    if (!found.length) {
      this.speak(say('nothingDropped'));
      return [];
    }
    const { folders, details } = this.options;
    if (collection) details.collection = collection;
    try {
      return await this.queue.add(found, { folders, details, target });
    } catch (error) {
      document.dispatchEvent(
        new CustomEvent('w-messages:add', { detail: { clear: true, type: 'error', text: error.message || say('foldersFailed') } }),
      );
      return [];
    }
  }

  async import(event) {
    event.preventDefault();
    const field = event.target.elements.url;
    const problem = this.find('import-error');
    problem.textContent = '';
    if (!/^https?:\/\/\S+$/i.test(field.value.trim())) {
      problem.textContent = say('badAddress');
      field.focus();
      return;
    }
    try {
      await this.queue.import(field.value.trim(), this.options.details);
      field.value = '';
    } catch (error) {
      problem.textContent = error.message;
      field.focus();
    }
  }

  show(button) {
    this.element.querySelectorAll('[data-uploader-filter]').forEach((one) => {
      one.setAttribute('aria-pressed', String(one === button));
    });
    this.rows.show(button.dataset.uploaderFilter);
  }

  arrived(item) {
    document.dispatchEvent(new CustomEvent('upload:arrived', { detail: { asset: item.asset, target: item.target } }));
    this.refreshTimer ??= setTimeout(() => {
      this.refreshTimer = null;
      document.dispatchEvent(new CustomEvent('library:refresh'));
    }, REFRESH_DELAY);
  }

  schedule() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.summarise();
    });
  }

  summarise() {
    const count = this.queue.count();
    const { total, sent } = this.queue.bytes;
    const { remaining } = this.queue;
    this.find('summary').hidden = count.total === 0;
    const words = [say(count.problems ? 'summaryProblems' : 'summary', count)];
    if (count.active && remaining !== null) words.push(duration(remaining));
    this.find('counts').textContent = words.join(', ');
    this.find('overall').value = total ? sent / total : 0;
    const shown = { pause: count.active + count.waiting, resume: count.paused, retry: count.failed, clear: count.done };
    this.element.querySelectorAll('[data-uploader-all]').forEach((button) => {
      button.hidden = !shown[button.dataset.uploaderAll];
    });
    this.element.querySelectorAll('[data-uploader-filter]').forEach((button) => {
      const name = button.dataset.uploaderFilter;
      button.querySelector('span').textContent = name === 'all' ? count.total : count[name];
    });
    this.announce(count);
  }

  announce(count) {
    const isOver = count.total > 0 && count.open === 0;
    if (isOver && !this.wasOver) this.speak(say(count.problems ? 'finishedWithProblems' : 'allDone', count));
    else if (!isOver && Date.now() - (this.spokenAt ?? 0) > SPOKEN_DELAY) {
      this.speak(say(count.problems ? 'summaryProblems' : 'summary', count));
    }
    this.wasOver = isOver;
  }

  speak(text) {
    this.spokenAt = Date.now();
    this.find('spoken').textContent = text;
  }
}
