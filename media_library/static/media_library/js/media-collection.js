/**
 * A media collection is put together: files are added, dragged or moved by keys into their order, and given captions.
 *
 * Each change is a request of its own, told in relation to what is there ("this before that"), one after the other, so
 * that two editors at once lose nothing. Where somebody else was faster, the answer holds the list as it is.
 */

const { Controller } = window.StimulusModule;

const HANDLE = '.curating__picture, .curating__handle';

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_match, name) => values[name]);

const isMirrored = () => getComputedStyle(document.documentElement).direction === 'rtl';

class MediaCollectionController extends Controller {
  static targets = ['items', 'list', 'item', 'empty', 'count', 'status', 'add'];

  static values = { urls: Object, texts: Object, chooser: String };

  requests = Promise.resolve();

  listTargetConnected(list) {
    this.sortable = new window.Sortable(list, {
      animation: 150,
      draggable: '.curating__tile',
      handle: HANDLE,
      ghostClass: 'curating__tile--moving',
      onEnd: ({ item, oldIndex, newIndex }) => {
        if (oldIndex !== newIndex) this.save(item);
      },
    });
  }

  listTargetDisconnected() {
    this.sortable?.destroy();
  }

  // The order. Alt with an arrow key, Home or End does what the buttons below each file do.

  key(event) {
    // In a text, these keys go from word to word.
    if (!event.altKey || event.ctrlKey || event.metaKey || event.target.matches('input')) return;
    const [back, forth] = isMirrored() ? ['ArrowRight', 'ArrowLeft'] : ['ArrowLeft', 'ArrowRight'];
    const step = {
      [back]: 'earlier', ArrowUp: 'earlier', [forth]: 'later', ArrowDown: 'later', Home: 'first', End: 'last',
    }[event.key];
    if (!step) return;
    // Otherwise the browser would go back in its history.
    event.preventDefault();
    this[step](event);
  }

  first(event) {
    this.place(event, () => this.itemTargets[0]);
  }

  earlier(event) {
    this.place(event, (item) => item.previousElementSibling ?? item);
  }

  later(event) {
    this.place(event, (item) => (item.nextElementSibling ? item.nextElementSibling.nextElementSibling : item));
  }

  last(event) {
    this.place(event, () => null);
  }

  /** Put the file of the event before another one, at the end for null, and keep the focus where it is. */
  place({ currentTarget }, find) {
    const item = currentTarget.closest('[data-item]');
    const before = find(item);
    const isThere = before === item || before === item.nextElementSibling;
    if (!isThere) {
      const focused = document.activeElement;
      this.listTarget.insertBefore(item, before);
      focused.focus();
      item.scrollIntoView({ block: 'nearest' });
      this.save(item);
    } else {
      this.say(this.position(item));
    }
  }

  save(item) {
    const before = item.nextElementSibling?.dataset.item ?? '';
    this.say(this.position(item));
    this.send('move', { item: item.dataset.item, before });
  }

  position(item) {
    const items = this.itemTargets;
    return fill(this.textsValue.position, {
      title: item.dataset.title, number: items.indexOf(item) + 1, count: items.length,
    });
  }

  // What is in it.

  choose() {
    window.ModalWorkflow({
      url: this.chooserValue,
      onload: window.CHOOSER_MODAL_ONLOAD_HANDLERS,
      responses: { chosen: (chosen) => this.add([].concat(chosen)) },
      onError: () => this.complain(this.textsValue.failed),
    });
  }

  async add(chosen) {
    const body = new URLSearchParams(chosen.map(({ id }) => ['asset', id]));
    const answer = await this.send('add', body);
    if (answer) this.say(answer.message, true);
    this.addTarget.focus();
  }

  async remove({ currentTarget }) {
    const item = currentTarget.closest('[data-item]');
    const answer = await this.send('remove', { item: item.dataset.item });
    if (!answer || !item.isConnected) return;
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    (next?.querySelector('.curating__remove') ?? this.addTarget).focus();
    this.emptyTarget.hidden = this.itemTargets.length > 0;
    this.say(fill(this.textsValue.removed, { title: item.dataset.title }));
  }

  async caption({ currentTarget }) {
    const item = currentTarget.closest('[data-item]');
    const { value } = currentTarget;
    if (value === (currentTarget.dataset.saved ?? currentTarget.defaultValue)) return;
    currentTarget.dataset.saved = value;
    const answer = await this.send('caption', { item: item.dataset.item, caption: value });
    if (answer) this.say(answer.message);
    else delete currentTarget.dataset.saved;
  }

  // Requests, one after the other: the second of two moves is made in the order that the first one left.

  send(name, values) {
    const sent = this.requests.then(() => this.request(name, values));
    this.requests = sent;
    return sent;
  }

  /** What the server answers; nothing where it has refused, which is said. */
  async request(name, values) {
    try {
      const response = await fetch(this.urlsValue[name], {
        method: 'POST',
        body: new URLSearchParams(values),
        headers: {
          'X-CSRFToken': window.wagtailConfig.CSRF_TOKEN, 'X-Requested-With': 'XMLHttpRequest', Accept: 'application/json',
        },
      });
      const answer = await response.json();
      if (answer.html !== undefined) this.itemsTarget.innerHTML = answer.html;
      if (answer.count !== undefined) this.countTarget.textContent = answer.count;
      if (response.ok) return answer;
      this.complain(answer.message);
    } catch {
      this.complain(this.textsValue.failed);
    }
    return null;
  }

  say(text, isShown = false) {
    this.statusTarget.textContent = text;
    if (isShown) this.tell(text, 'success');
  }

  complain(text) {
    this.tell(text, 'error');
  }

  tell(text, type) {
    document.dispatchEvent(new CustomEvent('w-messages:add', { detail: { clear: true, text, type } }));
  }
}

window.wagtail.app.register('media-collection', MediaCollectionController);
