/** Two versions of a picture, one over the other, and a slider that says how much of the upper one is seen. */

const { Controller } = window.StimulusModule;

class VersionOverlayController extends Controller {
  static targets = ['top', 'range'];

  connect() {
    // Without this script, the slider would do nothing.
    this.element.hidden = false;
    this.move();
  }

  move() {
    const hidden = 100 - Number(this.rangeTarget.value);
    const fromStart = getComputedStyle(this.element).direction === 'rtl';
    this.topTarget.style.clipPath = fromStart ? `inset(0 0 0 ${hidden}%)` : `inset(0 ${hidden}% 0 0)`;
  }
}

window.wagtail.app.register('version-overlay', VersionOverlayController);
