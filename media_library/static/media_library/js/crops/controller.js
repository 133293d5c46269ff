/** Draws every crop of a picture that is on the page already. Nothing is asked of the server. */
import { fill } from './fill.js';

const { Controller } = window.StimulusModule;

/** Pixels of a drawing for each of its size on the page. */
const SHARP = Math.min(2, window.devicePixelRatio || 1);

class MediaCropsController extends Controller {
  static targets = ['source', 'crop', 'suggested', 'focus'];
  static values = { width: Number, height: Number, small: String };

  connect() {
    // In the editor of pictures, `show` brings all there is.
    if (this.hasSourceTarget && !this.sourceTarget.complete) this.sourceTarget.onload = () => this.update();
  }

  /** Draw with the focal point in Wagtail's form, saved or not, or with the one that is suggested. */
  update() {
    const { naturalWidth, naturalHeight } = this.sourceTarget;
    if (!naturalWidth || !this.element.open) return;
    const isSuggested = this.hasSuggestedTarget && this.suggestedTarget.checked;
    this.draw({
      picture: this.sourceTarget,
      part: [0, 0, naturalWidth, naturalHeight],
      size: [this.widthValue, this.heightValue],
      focus: isSuggested ? JSON.parse(this.suggestedTarget.value) : this.focusOfForm(),
    });
  }

  /** Wagtail's chooser writes into these fields when the pointer is let go, and tells nobody. */
  updateSoon() {
    setTimeout(() => this.update());
  }

  focusOfForm() {
    // Of a poster, in a field of the panel's own.
    if (this.hasFocusTarget) return JSON.parse(this.focusTarget.value || 'null');
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map(
      (name) => document.querySelector(`input.focal_point_${name}`)?.value ?? '',
    );
    return x && y ? { x: Number(x), y: Number(y), width: Number(width), height: Number(height) } : null;
  }

  show({ detail }) {
    this.draw(detail);
  }

  /**
   * `part` is what is seen of `picture`, [left, top, width, height] in its own pixels; `size` that of the part in
   * pixels of the original, in which `focus` is.
   */
  draw({ picture, part, size, focus }) {
    const scale = part[2] / size[0];
    this.cropTargets.forEach((crop) => {
      const wanted = [Number(crop.dataset.width), Number(crop.dataset.height)];
      const [left, top, width, height] = fill(size, wanted, focus);
      const canvas = crop.querySelector('canvas');
      canvas.height = Math.round(canvas.clientHeight * SHARP) || canvas.height;
      canvas.width = Math.round((canvas.height * wanted[0]) / wanted[1]);
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(
        picture,
        part[0] + left * scale,
        part[1] + top * scale,
        width * scale,
        height * scale,
        0,
        0,
        canvas.width,
        canvas.height,
      );
      this.mark(crop, Math.round(width), Math.round(height), wanted[0]);
    });
  }

  /** Crops are never enlarged: say so where there are fewer pixels than the preset has. */
  mark(crop, width, height, wanted) {
    const note = crop.querySelector('[role=note]');
    const text = width < wanted ? `${this.smallValue} ${width} × ${height}` : '';
    if (note.textContent !== text) note.textContent = text;
  }
}

window.wagtail.app.register('media-crops', MediaCropsController);
