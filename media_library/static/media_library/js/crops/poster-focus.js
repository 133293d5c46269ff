/** What crops of a film's poster keep: an area that is drawn, or moved by keys, and saved for itself. */
import { arrowStep, placeOn } from '../picture-editor/pointer.js';

const { Controller } = window.StimulusModule;

/** Share of the poster by which plus and minus change the area. */
const GROWTH = 0.02;

const inside = (share, most = 1) => Math.min(Math.max(share, 0), most);

class PosterFocusController extends Controller {
  static targets = ['stage', 'area', 'pixels', 'message'];
  static values = {
    url: String,
    id: Number,
    poster: String,
    /** Left, top, width and height as shares of the poster; empty for none. */
    area: Array,
    width: Number,
    height: Number,
    place: String,
    none: String,
    working: String,
    failed: String,
  };

  areaValueChanged([left, top, width, height]) {
    this.areaTarget.hidden = left === undefined;
    const [across, along] = [this.widthValue, this.heightValue];
    const pixels = { x: (left + width / 2) * across, y: (top + height / 2) * along, width: width * across, height: height * along };
    this.pixelsTarget.value = left === undefined ? '' : JSON.stringify(pixels);
    Object.entries({ left, top, width, height }).forEach(([side, share]) => {
      this.areaTarget.style[side] = `${(share ?? 0) * 100}%`;
    });
    this.dispatch('moved');
  }

  /** From where the pointer goes down to where it is let go; a click is a point. */
  draw(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    const stage = this.stageTarget;
    const [startX, startY] = placeOn(stage, event).map((share) => inside(share));
    const follow = (next) => {
      const [x, y] = placeOn(stage, next).map((share) => inside(share));
      this.areaValue = [Math.min(x, startX), Math.min(y, startY), Math.abs(x - startX), Math.abs(y - startY)];
    };
    const end = () => stage.removeEventListener('pointermove', follow);
    stage.focus({ preventScroll: true });
    stage.setPointerCapture(event.pointerId);
    stage.addEventListener('pointermove', follow);
    ['pointerup', 'pointercancel'].forEach((name) => stage.addEventListener(name, end, { once: true }));
    follow(event);
  }

  /** Arrows move the area, plus and minus change its size, Delete removes it. */
  move(event) {
    const step = arrowStep(event);
    const growth = { '+': GROWTH, '-': -GROWTH }[event.key];
    const [left, top, width, height] = this.areaValue.length ? this.areaValue : [0.5, 0.5, 0, 0];
    if (step) {
      this.areaValue = [inside(left + step[0], 1 - width), inside(top + step[1], 1 - height), width, height];
    } else if (growth) {
      const [wider, higher] = [inside(width + growth), inside(height + growth)];
      const begins = [left - (wider - width) / 2, top - (higher - height) / 2];
      this.areaValue = [inside(begins[0], 1 - wider), inside(begins[1], 1 - higher), wider, higher];
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      this.areaValue = [];
    } else {
      return;
    }
    event.preventDefault();
    this.say();
  }

  /** Read aloud: what is seen in the picture. */
  say() {
    const [left, top, width, height] = this.areaValue;
    const percent = (share) => String(Math.round(share * 100));
    this.messageTarget.textContent =
      left === undefined
        ? this.noneValue
        : this.placeValue.replace('%x', percent(left + width / 2)).replace('%y', percent(top + height / 2));
  }

  remove() {
    this.areaValue = [];
    this.save();
  }

  async save() {
    const body = new FormData();
    body.set('area', this.areaValue.length ? JSON.stringify(this.areaValue) : '');
    body.set('poster', this.posterValue);
    try {
      const headers = { Accept: 'application/json', 'X-CSRFToken': window.wagtailConfig.CSRF_TOKEN };
      const response = await fetch(this.urlValue, { method: 'POST', body, headers });
      const answer = await response.json();
      this.messageTarget.textContent = response.ok ? this.workingValue : answer.message;
      if (response.ok) this.dispatch('changed', { prefix: 'asset', detail: { id: this.idValue } });
    } catch {
      this.messageTarget.textContent = this.failedValue;
    }
  }

  finish({ detail }) {
    if (detail.id === this.idValue) this.messageTarget.textContent = '';
  }
}

window.wagtail.app.register('poster-focus', PosterFocusController);
