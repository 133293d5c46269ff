/**
 * What the search field offers while somebody types: tags, which become a filter, and titles, which are searched for.
 * The pattern is that of a combobox with a list (ARIA Authoring Practices Guide): the focus stays in the field.
 */
const { Controller } = window.StimulusModule;

const DELAY = 150;
const MIN_LENGTH = 2;

export class SuggestionsController extends Controller {
  static values = { url: String, label: String, tag: String };

  connect() {
    this.input = document.querySelector('[data-search-form] [name="q"]');
    if (!this.input) return;
    this.list = document.createElement('ul');
    Object.assign(this.list, { id: 'library-suggestions', className: 'library-suggestions', hidden: true });
    this.list.setAttribute('role', 'listbox');
    this.list.setAttribute('aria-label', this.labelValue);
    this.input.parentElement.append(this.list);
    const attributes = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': this.list.id, autocomplete: 'off' };
    Object.entries(attributes).forEach(([name, value]) => this.input.setAttribute(name, value));
    this.close();
    this.events = { input: this.ask, keydown: this.press, blur: this.close };
    Object.entries(this.events).forEach(([name, listener]) => this.input.addEventListener(name, listener));
    // Before the field loses the focus, which closes the list.
    this.list.addEventListener('pointerdown', this.point);
  }

  disconnect() {
    this.list?.remove();
    Object.entries(this.events ?? {}).forEach(([name, listener]) => this.input.removeEventListener(name, listener));
  }

  ask = () => {
    clearTimeout(this.timer);
    const query = this.input.value.trim();
    if (query.length < MIN_LENGTH) {
      this.close();
      return;
    }
    this.timer = setTimeout(async () => {
      const response = await fetch(`${this.urlValue}?${new URLSearchParams({ q: query })}`, {
        headers: { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' },
      }).catch(() => null);
      // Without suggestions, one can search all the same.
      if (!response?.ok || response.redirected || query !== this.input.value.trim()) return;
      this.show((await response.json()).suggestions);
    }, DELAY);
  };

  show(suggestions) {
    const options = suggestions.map(({ kind, text }, index) => {
      const option = document.createElement('li');
      Object.assign(option, { id: `library-suggestion-${index}`, className: 'library-suggestions__option' });
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      Object.assign(option.dataset, { kind, text });
      if (kind === 'tag') {
        const label = document.createElement('span');
        label.className = 'library-suggestions__tag';
        label.textContent = this.tagValue;
        option.append(label, ' ');
      }
      option.append(text);
      return option;
    });
    this.list.replaceChildren(...options);
    this.list.hidden = options.length === 0 || document.activeElement !== this.input;
    this.input.setAttribute('aria-expanded', String(!this.list.hidden));
    this.input.removeAttribute('aria-activedescendant');
  }

  close = () => {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  };

  press = (event) => {
    if (this.list.hidden) return;
    const options = [...this.list.children];
    const active = options.findIndex((option) => option.getAttribute('aria-selected') === 'true');
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const next = active < 0 && step < 0 ? options.length - 1 : (active + step + options.length) % options.length;
      options.forEach((option, index) => option.setAttribute('aria-selected', String(index === next)));
      options[next].scrollIntoView({ block: 'nearest' });
      this.input.setAttribute('aria-activedescendant', options[next].id);
    } else if (event.key === 'Enter' && active >= 0) {
      this.choose(options[active]);
    } else if (event.key === 'Escape') {
      this.close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  point = (event) => {
    const option = event.target.closest('[role="option"]');
    if (!option) return;
    event.preventDefault();
    this.choose(option);
  };

  choose({ dataset: { kind, text } }) {
    const library = this.application.getControllerForElementAndIdentifier(this.element, 'library');
    this.close();
    const url = library.address({ q: kind === 'tag' ? '' : text });
    if (kind === 'tag' && !url.searchParams.getAll('tag').includes(text)) url.searchParams.append('tag', text);
    this.input.value = kind === 'tag' ? '' : text;
    library.visit(url, 'pushState');
  }
}
