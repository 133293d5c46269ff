/**
 * The files of a page: one of them has the focus (the others are left out of the tab order), any number is selected.
 *
 * Keys are those of file managers. Each change is told to the document as `library:selection`, with
 * `{ids, all, query, count, words, offer}`: with `all`, it is everything that matches `query`, on whichever page; `words`
 * says how much that is, and `offer` what `library:select-all` would do, if it would do more.
 */
const { Controller } = window.StimulusModule;

export class SelectionController extends Controller {
  static targets = ['list', 'announcement'];
  static values = {
    total: Number,
    query: String,
    one: String,
    many: String,
    everything: String,
    none: String,
    offer: String,
  };

  connect() {
    this.selected = new Set();
    this.all = false;
    this.anchor = null;
    this.tell();
  }

  get cards() {
    return [...this.listTarget.children];
  }

  get current() {
    return this.cards.find((card) => this.link(card).tabIndex === 0) ?? this.cards[0];
  }

  link(card) {
    return card.querySelector('.library-card__link');
  }

  /** Whatever has the focus is where Tab comes back to. */
  focus({ target }) {
    const card = target.closest('[data-asset-id]');
    if (!card) return;
    this.cards.forEach((one) => {
      this.link(one).tabIndex = one === card ? 0 : -1;
    });
  }

  point(event) {
    const card = event.target.closest('[data-asset-id]');
    if (!card) return;
    const isBox = event.target.matches('input');
    if (event.shiftKey && this.anchor) {
      if (!isBox) event.preventDefault();
      this.extend(card);
    } else if (isBox) {
      this.set([card], event.target.checked);
      this.anchor = card;
    } else if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.toggle(card);
    }
  }

  press(event) {
    const card = event.target.closest('[data-asset-id]');
    if (event.key === 'Escape' && (this.selected.size || this.all)) {
      this.clear();
      event.preventDefault();
      return;
    }
    if (!card) return;
    const target = this.destination(event, card);
    if (target) {
      if (event.shiftKey) {
        this.anchor ??= card;
        this.extend(target);
      }
      this.link(target).focus();
    } else if (event.key === ' ' && !event.target.matches('button')) {
      if (event.shiftKey && this.anchor) this.extend(card);
      else this.toggle(card);
    } else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) {
      this.set(this.cards, true);
    } else {
      return;
    }
    event.preventDefault();
  }

  destination(event, card) {
    if (event.altKey || event.metaKey) return null;
    const { cards } = this;
    const index = cards.indexOf(card);
    const isRtl = getComputedStyle(this.listTarget).direction === 'rtl';
    const columns = cards.findIndex((one) => one.offsetTop > cards[0].offsetTop);
    const perRow = columns > 0 ? columns : cards.length;
    const rows = Math.max(1, Math.floor(window.innerHeight / (card.offsetHeight || 1)) - 1);
    const steps = {
      ArrowRight: isRtl ? -1 : 1,
      ArrowLeft: isRtl ? 1 : -1,
      ArrowDown: perRow,
      ArrowUp: -perRow,
      PageDown: perRow * rows,
      PageUp: -perRow * rows,
      Home: -index,
      End: cards.length - 1 - index,
    };
    if (!(event.key in steps)) return null;
    return cards[Math.min(cards.length - 1, Math.max(0, index + steps[event.key]))];
  }

  toggle(card) {
    this.set([card], !this.selected.has(card.dataset.assetId));
    this.anchor = card;
  }

  /** Select what lies between where it began and here. */
  extend(card) {
    const [from, to] = [this.anchor, card].map((one) => this.cards.indexOf(one)).sort((a, b) => a - b);
    this.set(this.cards.slice(from, to + 1), true);
  }

  set(cards, isSelected) {
    this.all = false;
    cards.forEach((card) => this.selected[isSelected ? 'add' : 'delete'](card.dataset.assetId));
    this.tell();
  }

  selectEverything() {
    this.cards.forEach((card) => this.selected.add(card.dataset.assetId));
    this.all = true;
    this.tell();
  }

  clear() {
    this.selected.clear();
    this.all = false;
    this.anchor = null;
    // The button that was pressed goes away.
    this.link(this.current).focus();
    this.tell();
  }

  tell() {
    const count = this.all ? this.totalValue : this.selected.size;
    this.cards.forEach((card) => {
      const isSelected = this.selected.has(card.dataset.assetId);
      card.classList.toggle('is-selected', isSelected);
      card.querySelector('input').checked = isSelected;
    });
    const words = this.all ? this.everythingValue : this.words(count);
    if (count || this.announcementTarget.textContent) this.announcementTarget.textContent = words;
    document.dispatchEvent(
      new CustomEvent('library:selection', {
        detail: {
          ids: [...this.selected].map(Number),
          all: this.all,
          query: this.queryValue,
          count,
          words,
          offer: this.all ? '' : this.offerValue,
        },
      }),
    );
  }

  words(count) {
    if (count === 0) return this.noneValue;
    const number = new Intl.NumberFormat(document.documentElement.lang || 'en').format(count);
    return count === 1 ? this.oneValue : this.manyValue.replace('%s', number);
  }
}
