/**
 * Status and progress of assets without a reload.
 *
 * One poller asks for all unfinished assets of the page in one request; the controllers below each show what it
 * learns. Elements may come and go at any time: upload results, chooser results, listings that are searched.
 */

const { Controller } = window.StimulusModule;

const FIRST_DELAY = 1000;
const LAST_DELAY = 5000;
const GROWTH = 1.3;
/** The server refuses to answer for more assets at a time. */
const MAX_IDS = 100;

const isFinished = (status) => status === 'ready' || status === 'failed';

class Poller {
  /** Callbacks by id of the asset, and which of these assets there is still something to learn about. */
  listeners = new Map();
  unfinished = new Set();
  /** What was last answered about each, to see whether anything moves. */
  known = new Map();
  delay = FIRST_DELAY;
  timer = null;
  asking = false;

  constructor(url) {
    this.url = url;
    document.addEventListener('visibilitychange', () => (document.hidden ? this.pause() : this.hurry()));
    // An editor gave its workers something to do again.
    document.addEventListener('asset:changed', (event) => this.follow(event.detail.id));
  }

  /** Call back with each item about this asset. Only those who follow an unfinished one make the poller ask. */
  listen(id, callback, follow = false) {
    if (!this.listeners.has(id)) this.listeners.set(id, new Set());
    this.listeners.get(id).add(callback);
    if (follow) this.follow(id);
  }

  follow(id) {
    this.unfinished.add(id);
    this.hurry();
  }

  ignore(id, callback) {
    const callbacks = this.listeners.get(id);
    callbacks?.delete(callback);
    if (callbacks?.size === 0) {
      this.listeners.delete(id);
      this.unfinished.delete(id);
    }
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  /** Ask soon: with the elements that arrive together, in one request. */
  hurry() {
    this.delay = FIRST_DELAY;
    this.schedule(50);
  }

  schedule(delay) {
    this.pause();
    if (this.unfinished.size && !this.asking && !document.hidden) {
      this.timer = setTimeout(() => this.ask(), delay);
    }
  }

  async ask() {
    const ids = [...this.unfinished].slice(0, MAX_IDS);
    // What was followed may have gone with its window.
    if (!ids.length) return;
    this.asking = true;
    try {
      const response = await fetch(`${this.url}?ids=${ids.join(',')}`, {
        headers: { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' },
      });
      if (response.ok && !response.redirected) {
        const { items } = await response.json();
        this.tell(ids, items);
      } else if (response.status < 500) {
        // Signed out: asking again can't help.
        this.unfinished.clear();
      }
    } catch {
      // The network is away for a moment.
    } finally {
      this.asking = false;
    }
    this.schedule(this.delay);
    this.delay = Math.min(this.delay * GROWTH, LAST_DELAY);
  }

  tell(ids, items) {
    const answered = new Set(items.map((item) => item.id));
    // Deleted in the meantime, or no longer this user's to see.
    ids.filter((id) => !answered.has(id)).forEach((id) => this.unfinished.delete(id));
    items.forEach((item) => {
      const seen = `${item.status} ${item.progress} ${item.poster} ${JSON.stringify(item.parts)}`;
      if (this.known.get(item.id) !== seen) this.delay = FIRST_DELAY;
      this.known.set(item.id, seen);
      if (isFinished(item.status) && this.unfinished.delete(item.id)) {
        document.dispatchEvent(new CustomEvent('asset:finished', { detail: { id: item.id } }));
      }
      this.listeners.get(item.id)?.forEach((callback) => callback(item));
    });
  }
}

const poller = new Poller(document.querySelector('script[data-asset-status-url]').dataset.assetStatusUrl);

/** A tag that says how far an asset is; see the template tag asset_status. */
class AssetStatusController extends Controller {
  static targets = ['tag', 'label', 'percent', 'progress', 'reason', 'parts', 'cancel', 'retry'];
  static values = { id: Number, status: String };

  update = (item) => {
    // Only what changes is written: a live region is read aloud whenever its text is set.
    if (this.statusValue !== item.status || this.labelTarget.textContent !== item.label) {
      this.statusValue = item.status;
      this.tagTarget.dataset.assetStatus = item.status;
      this.labelTarget.textContent = item.label;
    }
    this.reasonTarget.textContent = item.reason;
    this.reasonTarget.hidden = !item.reason;
    const isMeasured = item.status === 'processing' && item.progress !== null;
    this.progressTarget.hidden = !isMeasured;
    this.progressTarget.value = item.progress ?? 0;
    this.percentTarget.textContent = isMeasured ? percent(item.progress) : '';
    if (this.hasPartsTarget) this.showControls(item);
  };

  showControls(item) {
    const parts = Object.entries(item.parts).map(([name, done]) => {
      const part = document.createElement('li');
      part.textContent = `${name} ${percent(done)}`;
      return part;
    });
    this.partsTarget.replaceChildren(...parts);
    this.partsTarget.hidden = parts.length === 0;
    this.cancelTarget.hidden = isFinished(item.status);
    this.cancelTarget.disabled = false;
    this.retryTarget.hidden = item.status !== 'failed';
    this.retryTarget.disabled = false;
  }

  /** Stop the work, or start it again: whichever button was pressed. */
  async act(event) {
    const button = event.currentTarget;
    button.disabled = true;
    try {
      const response = await fetch(button.dataset.url, {
        method: 'POST',
        headers: { Accept: 'application/json', 'X-CSRFToken': window.wagtailConfig.CSRF_TOKEN },
      });
      if (!response.ok) throw new Error(response.statusText);
      const { item } = await response.json();
      poller.tell([], [item]);
      if (!isFinished(item.status)) poller.listen(this.idValue, this.update, true);
    } catch {
      button.disabled = false;
    }
  }

  connect() {
    poller.listen(this.idValue, this.update, !isFinished(this.statusValue));
  }

  disconnect() {
    poller.ignore(this.idValue, this.update);
  }
}

/** A place that shows the poster of a film, or the cover of a sound, as soon as there is one. */
class AssetPosterController extends Controller {
  static values = { id: Number };

  update = (item) => {
    if (!item.poster || this.element.querySelector('img')?.getAttribute('src') === item.poster) return;
    const image = new Image();
    image.alt = '';
    image.decoding = 'async';
    image.src = item.poster;
    this.element.replaceChildren(image);
  };

  connect() {
    poller.listen(this.idValue, this.update);
  }

  disconnect() {
    poller.ignore(this.idValue, this.update);
  }
}

/** A part of the page that is fetched anew when its asset has got another poster, is ready, or has failed. */
class AssetPreviewController extends Controller {
  /** `posterOnly` is for a part that shows nothing but the poster. */
  static values = { id: Number, url: String, status: String, poster: String, posterOnly: Boolean };

  update = async (item) => {
    const hasEnded = isFinished(item.status) && item.status !== this.statusValue;
    const hasPoster = Boolean(item.poster) && item.poster !== this.posterValue;
    if (!hasPoster && (!hasEnded || this.posterOnlyValue)) return;
    this.statusValue = item.status;
    this.posterValue = item.poster ?? '';
    const response = await fetch(this.urlValue, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    if (response.ok && !response.redirected) this.show(await response.text());
  };

  /** Put in what is new. What an editor plays, has moved or has the focus in stays if only the poster is another. */
  show(html) {
    const fresh = document.createElement('template');
    fresh.innerHTML = html;
    const stages = [this.element, fresh.content].map((one) => one.querySelector('[data-stage]'));
    const [before, after] = stages.map((stage) => stage?.querySelector('video') && stage);
    if (before && after && before.dataset.stage === after.dataset.stage) {
      const { poster } = after.querySelector('video');
      before.querySelector('video').dispatchEvent(new CustomEvent('film:poster', { detail: poster }));
    } else {
      const isOpen = this.element.querySelector('details')?.open;
      const focused = this.element.contains(document.activeElement) && nameOf(document.activeElement);
      this.element.replaceChildren(fresh.content);
      if (isOpen) this.element.querySelector('details')?.setAttribute('open', '');
      // Whoever is about to press a key goes on where they were.
      if (focused) this.stops.find((one) => nameOf(one) === focused)?.focus({ preventScroll: true });
    }
  }

  /** What can have the focus. */
  get stops() {
    return [...this.element.querySelectorAll('summary, a[href], button, input:not([type=hidden]), video')];
  }

  connect() {
    poller.listen(this.idValue, this.update);
  }

  disconnect() {
    poller.ignore(this.idValue, this.update);
  }
}

const nameOf = (stop) => `${stop.localName} ${stop.ariaLabel ?? stop.textContent.trim()}`;

const percent = (share) =>
  new Intl.NumberFormat(document.documentElement.lang || 'en', { style: 'percent' }).format(share);

window.wagtail.app.register('asset-status', AssetStatusController);
window.wagtail.app.register('asset-poster', AssetPosterController);
window.wagtail.app.register('asset-preview', AssetPreviewController);
