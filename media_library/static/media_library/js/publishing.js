/**
 * What stands against publishing a page, and what waits to be published.
 */

const { Controller } = window.StimulusModule;

const FIRST_DELAY = 2000;
const LAST_DELAY = 10000;
const GROWTH = 1.3;

/** A link to a place in the form: Wagtail goes there when a page is opened, and not on the page itself. */
class PublishingPlaceController extends Controller {
  static values = { path: String };

  show(event) {
    const selector = this.pathValue.split('.').map((part) => `[data-contentpath="${CSS.escape(part)}"]`);
    const place = document.querySelector(selector.join(' '));
    if (!place) return;
    event.preventDefault();
    this.open(place);
    place.scrollIntoView({ block: 'center' });
    // That moves wide forms sideways, too.
    for (let frame = place.parentElement; frame; frame = frame.parentElement) frame.scrollLeft = 0;
    place.querySelector('a, button, input:not([type=hidden]), textarea, select, [contenteditable]')?.focus({
      preventScroll: true,
    });
  }

  /** Open the tab and the panels that it is in. */
  open(place) {
    const tab = place.closest('[role="tabpanel"]');
    if (tab?.hidden) document.querySelector(`[role="tab"][href="#${CSS.escape(tab.id)}"]`)?.click();
    for (let panel = place.closest('[data-panel]'); panel; panel = panel.parentElement.closest('[data-panel]')) {
      panel.querySelector('[data-panel-toggle][aria-expanded="false"]')?.click();
    }
  }
}

/** Says for how many media a page waits, until it is published. */
class PublishingWaitController extends Controller {
  static targets = ['text', 'cancel', 'reload'];
  static values = { url: String };

  connect() {
    this.delay = FIRST_DELAY;
    document.addEventListener('asset:finished', this.hurry);
    this.schedule();
  }

  disconnect() {
    document.removeEventListener('asset:finished', this.hurry);
    clearTimeout(this.timer);
  }

  hurry = () => {
    this.delay = FIRST_DELAY;
    this.schedule();
  };

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), this.delay);
  }

  async ask() {
    try {
      const response = await fetch(this.urlValue, { headers: { Accept: 'application/json' } });
      // Signed out, or the page is gone: asking again can't help.
      if (response.redirected || (!response.ok && response.status < 500)) return;
      if (response.ok) {
        const { state, text } = await response.json();
        // A live region is read aloud whenever its text is set.
        if (this.textTarget.textContent !== text) this.textTarget.textContent = text;
        if (state !== 'waiting') {
          this.cancelTarget.hidden = true;
          this.reloadTarget.hidden = false;
          return;
        }
      }
    } catch {
      // The network is away for a moment.
    }
    this.delay = Math.min(this.delay * GROWTH, LAST_DELAY);
    this.schedule();
  }
}

window.wagtail.app.register('publishing-place', PublishingPlaceController);
window.wagtail.app.register('publishing-wait', PublishingWaitController);
