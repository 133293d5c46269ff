/** The moment at which the player stands becomes the poster of the film. */

const { Controller } = window.StimulusModule;

/** The field of the form beside it, which would choose a picture again when it is saved. */
const PICTURE_CHOOSER = '#id_poster_image-chooser';

class PosterPickerController extends Controller {
  static targets = ['origin', 'automatic', 'message'];
  static values = { url: String, id: Number, working: String, failed: String };

  useThisMoment() {
    const video = this.element.parentElement.querySelector('video');
    if (video) this.send(video.currentTime.toFixed(3));
  }

  useWhatIsFound() {
    this.send('');
  }

  finish({ detail }) {
    if (detail.id === this.idValue) this.messageTarget.textContent = '';
  }

  async send(time) {
    const body = new FormData();
    body.set('csrfmiddlewaretoken', this.element.closest('form').elements.csrfmiddlewaretoken.value);
    body.set('time', time);
    try {
      const headers = { 'X-Requested-With': 'XMLHttpRequest', Accept: 'application/json' };
      const response = await fetch(this.urlValue, { method: 'POST', body, headers });
      const answer = await response.json();
      this.messageTarget.textContent = response.ok ? this.workingValue : answer.message;
      if (response.ok) this.show(answer);
    } catch {
      this.messageTarget.textContent = this.failedValue;
    }
  }

  show({ origin, automatic }) {
    this.originTarget.textContent = origin;
    // A hidden button would take the focus along.
    if (automatic && document.activeElement === this.automaticTarget) {
      this.element.querySelector('button').focus();
    }
    this.automaticTarget.hidden = automatic;
    document.querySelector(PICTURE_CHOOSER)?.widget?.clear();
    this.dispatch('changed', { prefix: 'asset', detail: { id: this.idValue } });
  }
}

window.wagtail.app.register('poster-picker', PosterPickerController);
