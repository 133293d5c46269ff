/** Says that a text was copied, to those who don't see it as well. */

const { Controller } = window.StimulusModule;

/** Milliseconds for which it stands there. */
const SHOWN = 3000;

class SharingCopyController extends Controller {
  static targets = ['said'];

  disconnect() {
    clearTimeout(this.timer);
  }

  copied() {
    this.saidTarget.textContent = this.saidTarget.dataset.said;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.saidTarget.textContent = '';
    }, SHOWN);
  }
}

window.wagtail.app.register('sharing-copy', SharingCopyController);
