/**
 * What Wagtail's own script of the modal doesn't do: arrow keys among the cards, a selection that survives searching
 * and paging, and files that are dropped.
 */

import { explain, headers } from '../uploader/server.js';
import { filesOf, holdsFiles, upload, useExisting } from './upload.js';
import { pageForm, written } from './written.js';

const { Controller } = window.StimulusModule;

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class MediaChooserController extends Controller {
  static targets = [
    'choice', 'tick', 'tray', 'submit', 'chosenTemplate', 'drop', 'folder', 'uploads', 'uploadTemplate', 'fitting',
  ];
  static values = { multiple: Boolean, reconnecting: String, fittingUrl: String };

  connect() {
    // Bootstrap gives the focus to the modal once it has come in.
    this.element.closest('.modal')?.addEventListener('focus', () => this.search?.focus(), { once: true });
  }

  initialize() {
    // Choosers also stand in forms of other things, and on pages without any.
    if (pageForm()) return;
    this.element.querySelector('#tab-label-media-fitting').remove();
    this.element.querySelector('#tab-media-fitting').remove();
  }

  get search() {
    return this.element.querySelector('#media-chooser-search [name="q"]');
  }

  // Cards and arrow keys

  get cards() {
    const panel = [...this.element.querySelectorAll('[role="tabpanel"]')].find((one) => !one.hidden);
    return [...(panel?.querySelectorAll('a.media-card__choice, .media-card__tick') ?? [])];
  }

  move(event) {
    const { target, key } = event;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (target === this.search && key === 'ArrowDown') {
      this.cards[0]?.focus();
      event.preventDefault();
    } else if (ARROWS[key] && target.closest('.media-card')) {
      const next = this.beside(target, ...ARROWS[key]);
      if (next) next.focus();
      else if (key === 'ArrowUp') this.search?.focus();
      event.preventDefault();
    }
  }

  /** The nearest card in a direction, by where it stands: rows have as many as there is room for. */
  beside(target, across, down) {
    const middle = (one) => {
      const { left, top, width, height } = one.closest('.media-card').getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    };
    const here = middle(target);
    const distances = this.cards.map((card) => {
      const there = middle(card);
      const [x, y] = [there.x - here.x, there.y - here.y];
      const ahead = across ? x * across : y * down;
      const aside = Math.abs(across ? y : x);
      return { card, distance: ahead > 1 ? ahead + aside * 4 : Infinity };
    });
    const nearest = distances.reduce((best, one) => (one.distance < best.distance ? one : best), {
      distance: Infinity,
    });
    return nearest.card;
  }

  // For this page

  async changed({ detail }) {
    if (!this.hasFittingTarget || detail.current !== this.fittingTarget.id) return;
    try {
      const response = await fetch(this.fittingUrlValue, { method: 'POST', headers: headers(), body: written(pageForm()) });
      if (!response.ok) throw new Error(explain(response.status));
      this.fittingTarget.innerHTML = await response.text();
    } catch (error) {
      this.fittingTarget.replaceChildren(error.message);
    }
  }

  /** The modal's own script knows the links only that were there when it opened. */
  chooseFitting(event) {
    const link = event.target.closest('a.media-card__choice');
    if (!link) return;
    event.preventDefault();
    this.choiceTarget.href = link.href;
    this.choiceTarget.click();
  }

  // Several

  tickTargetConnected(tick) {
    tick.checked = Boolean(this.find(tick.value));
  }

  find(id) {
    return this.hasTrayTarget ? this.trayTarget.querySelector(`input[value="${id}"]`)?.closest('li') : null;
  }

  pick({ target }) {
    if (!target.matches('[data-multiple-choice-select]')) return;
    if (target.name === 'id') this.unselect(target.value);
    else if (target.checked) this.select(target.value, target.dataset.title);
    else this.unselect(target.value);
  }

  select(id, title) {
    if (!this.find(id)) {
      const item = this.chosenTemplateTarget.content.cloneNode(true).firstElementChild;
      item.querySelector('input').value = id;
      item.querySelector('span').textContent = title;
      this.trayTarget.append(item);
    }
    this.agree();
  }

  unselect(id) {
    const item = this.find(id);
    const hadFocus = item?.contains(document.activeElement);
    item?.remove();
    this.agree();
    if (hadFocus) (this.trayTarget.querySelector('input') ?? this.search)?.focus();
  }

  /** The same asset may stand in several lists. */
  agree() {
    this.tickTargets.forEach((tick) => {
      tick.checked = Boolean(this.find(tick.value));
    });
    this.submitTarget.disabled = this.trayTarget.children.length === 0;
  }

  // Files

  hover(event) {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    this.dropTarget.classList.add('media-drop--hovered');
  }

  leave(event) {
    if (!this.dropTarget.contains(event.relatedTarget)) this.dropTarget.classList.remove('media-drop--hovered');
  }

  drop(event) {
    event.preventDefault();
    this.dropTarget.classList.remove('media-drop--hovered');
    this.take(filesOf(event.dataTransfer));
  }

  browse(event) {
    this.take([...event.target.files]);
    event.target.value = '';
  }

  paste(event) {
    const files = filesOf(event.clipboardData);
    if (!files.length || !this.hasDropTarget) return;
    event.preventDefault();
    // Files that nothing else takes go to the uploader of the page.
    event.stopPropagation();
    this.element.querySelector('#tab-label-media-upload').click();
    this.take(files);
  }

  async take(files) {
    const chooseAtOnce = !this.multipleValue && files.length === 1;
    // One after the other: the first are there to be chosen while the others come.
    for (const file of files) await this.send(file, chooseAtOnce);
  }

  async send(file, chooseAtOnce) {
    const row = this.uploadTemplateTarget.content.cloneNode(true).firstElementChild;
    const part = (name) => row.querySelector(`[data-part="${name}"]`);
    part('name').textContent = file.name;
    this.uploadsTarget.append(row);
    try {
      const answer = await upload(file, {
        endpoint: this.dropTarget.dataset.url,
        collection: this.hasFolderTarget ? this.folderTarget.value : '',
        onProgress: (share) => {
          part('message').textContent = share === null ? this.reconnectingValue : '';
          if (share !== null) part('progress').value = share;
        },
      });
      part('progress').hidden = true;
      if (answer.duplicate) this.ask(answer, row, part);
      else if (this.multipleValue || chooseAtOnce) this.choose(answer);
      else this.offer(part('use'), () => this.choose(answer));
    } catch (error) {
      part('progress').hidden = true;
      row.classList.add('media-upload--failed');
      part('message').textContent = error.message;
      this.offer(part('retry'), () => {
        row.remove();
        this.send(file, chooseAtOnce);
      });
    }
  }

  /** The library has the same bytes already: one of the two is enough. */
  ask(answer, row, part) {
    const { duplicate } = answer;
    part('message').textContent = duplicate.message;
    const done = () => row.querySelectorAll('button').forEach((button) => button.remove());
    this.offer(part('existing'), async () => {
      done();
      // It is chosen even if the new one can't be taken back.
      await useExisting(duplicate).catch(() => {});
      this.choose(duplicate);
    });
    this.offer(part('new'), () => {
      done();
      this.choose(answer);
    });
    part('existing').focus();
  }

  offer(button, act) {
    button.hidden = false;
    button.addEventListener('click', act, { once: true });
  }

  choose({ chosen, choose_url: url }) {
    if (this.multipleValue) {
      this.select(chosen.id, chosen.title);
    } else {
      this.choiceTarget.href = url;
      this.choiceTarget.click();
    }
  }
}
