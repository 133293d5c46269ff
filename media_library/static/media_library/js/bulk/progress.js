/** How far an operation is, until it is finished: then its results take the place of the bar. */

const { Controller } = window.StimulusModule;

const FIRST_DELAY = 500;
const LAST_DELAY = 4000;
const GROWTH = 1.3;
/** A screen reader hears of every tenth part, not of every file. */
const SPOKEN = 0.1;

class BulkProgressController extends Controller {
  static targets = ['bar', 'text', 'spoken', 'cancel'];
  static values = { statusUrl: String, panelUrl: String, cancelUrl: String, lost: String };

  delay = FIRST_DELAY;
  spokenAt = 0;

  connect() {
    this.timer = setTimeout(() => this.ask(), this.delay);
  }

  disconnect() {
    clearTimeout(this.timer);
  }

  async ask() {
    try {
      const response = await this.fetch(this.statusUrlValue, { headers: { Accept: 'application/json' } });
      const status = await response.json();
      if (status.is_finished) {
        await this.finish();
        return;
      }
      this.show(status);
    } catch {
      this.textTarget.textContent = this.lostValue;
    }
    this.delay = Math.min(this.delay * GROWTH, LAST_DELAY);
    if (this.element.isConnected) this.timer = setTimeout(() => this.ask(), this.delay);
  }

  show({ done, total, text }) {
    if (this.barTarget.value !== done) this.delay = FIRST_DELAY;
    this.barTarget.value = done;
    this.textTarget.textContent = text;
    if (done / total - this.spokenAt >= SPOKEN) {
      this.spokenAt = done / total;
      this.spokenTarget.textContent = text;
    }
  }

  async finish() {
    const response = await this.fetch(this.panelUrlValue);
    const fresh = document.createElement('template');
    fresh.innerHTML = await response.text();
    const results = fresh.content.firstElementChild;
    results.setAttribute('role', 'status');
    this.element.replaceWith(results);
    document.dispatchEvent(new CustomEvent('library:refresh'));
  }

  async cancel(event) {
    event.preventDefault();
    this.cancelTarget.disabled = true;
    try {
      await this.fetch(this.cancelUrlValue, {
        method: 'POST',
        headers: { Accept: 'application/json', 'X-CSRFToken': window.wagtailConfig.CSRF_TOKEN },
      });
      this.delay = FIRST_DELAY;
    } catch {
      this.cancelTarget.disabled = false;
    }
  }

  async fetch(url, options = {}) {
    const headers = { 'X-Requested-With': 'XMLHttpRequest', ...options.headers };
    const response = await fetch(url, { ...options, headers });
    if (!response.ok || response.redirected) throw new Error(response.statusText);
    return response;
  }
}

window.wagtail.app.register('bulk-progress', BulkProgressController);
