/** A film that plays without sound while the pointer or the focus is on its card. */
const { Controller } = window.StimulusModule;

/** Who only passes by with the pointer wants no film. */
const DELAY = 250;

export class FilmPreviewController extends Controller {
  static values = { src: String };

  connect() {
    this.card = this.element.closest('[data-asset-id]');
    this.events = { pointerenter: this.start, focusin: this.start, pointerleave: this.stop, focusout: this.stop };
    Object.entries(this.events).forEach(([name, listener]) => this.card.addEventListener(name, listener));
  }

  disconnect() {
    this.stop();
    Object.entries(this.events).forEach(([name, listener]) => this.card.removeEventListener(name, listener));
  }

  start = () => {
    if (this.video || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const video = document.createElement('video');
      Object.assign(video, { muted: true, loop: true, playsInline: true, src: this.srcValue, tabIndex: -1 });
      video.setAttribute('aria-hidden', 'true');
      video.addEventListener('playing', () => video.classList.add('is-playing'));
      this.element.append(video);
      this.video = video;
      // Taken away before it began.
      video.play().catch(() => {});
    }, DELAY);
  };

  stop = () => {
    clearTimeout(this.timer);
    this.video?.removeAttribute('src');
    this.video?.load();
    this.video?.remove();
    this.video = null;
  };
}
