/**
 * The page on which a picture is edited: a canvas that shows what workers will make of it, and the controls.
 *
 * The state is all there is; each control makes a new one, and everything on the page follows from it.
 */
import { Painter } from './canvas.js';
import { flip, inCrop, toFrame, turn } from './geometry.js';
import { History } from './history.js';
import { PictureEditorOverlays } from './overlays.js';
import { Refused, send } from './send.js';
import { fromRecipe, isSame, SCALES, toRecipe, UNEDITED } from './state.js';
import { Marks } from './watermark.js';

class PictureEditorController extends PictureEditorOverlays {
  static values = { setup: Object, texts: Object };

  async connect() {
    const { width, height, recipe, focal, mark, rules, source } = this.setupValue;
    this.size = [width, height];
    this.base = this.setupValue.base;
    this.state = fromRecipe(recipe, focal);
    this.saved = this.state;
    this.history = new History(this.state);
    this.marks = new Marks(mark, rules);
    try {
      const response = await fetch(source);
      if (!response.ok) throw new Error(await response.text());
      this.painter = new Painter(this.canvasTarget, await createImageBitmap(await response.blob()));
    } catch (error) {
      this.tell(error.message || this.textsValue.failed);
      return;
    } finally {
      this.loadingTarget.hidden = true;
    }
    this.frameTarget.hidden = false;
    this.element.dataset.ready = 'true';
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.stageTarget);
    this.show();
  }

  disconnect() {
    this.observer?.disconnect();
  }

  // Tools above the picture.

  turnLeft() {
    this.change(turn(this.state, false));
  }

  turnRight() {
    this.change(turn(this.state, true));
  }

  flipHorizontal() {
    this.change(flip(this.state, true));
  }

  flipVertical() {
    this.change(flip(this.state, false));
  }

  undo() {
    this.goTo(this.history.undo());
  }

  redo() {
    this.goTo(this.history.redo());
  }

  goTo(state) {
    if (state) this.change(state, false);
  }

  reset() {
    this.change(fromRecipe(UNEDITED, this.state.focal));
  }

  shortcut(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
    // In a field it is the field's own.
    if (event.target.matches('input[type=text], input[type=number], textarea')) return;
    event.preventDefault();
    if (event.shiftKey) this.redo();
    else this.undo();
  }

  compare(event) {
    const isKey = event.type.startsWith('key');
    if (isKey && ![' ', 'Enter'].includes(event.key)) return;
    if (isKey) event.preventDefault();
    const isHeld = ['pointerdown', 'keydown'].includes(event.type);
    event.currentTarget.setAttribute('aria-pressed', isHeld);
    this.isComparing = isHeld;
    this.show();
  }

  // Sliders, each with a field for the same number.

  slide(event) {
    const { name, value } = event.currentTarget;
    this.change({ ...this.state, [name]: Number(value) / SCALES[name] }, event.type === 'change');
  }

  type(event) {
    const { name, valueAsNumber, min, max } = event.currentTarget;
    const number = Math.min(Math.max(valueAsNumber || 0, Number(min)), Number(max));
    this.change({ ...this.state, [name]: number / SCALES[name] });
  }

  chooseTone(event) {
    this.change({ ...this.state, tone: event.currentTarget.value });
  }

  // The watermark.

  changeMark(event) {
    const fields = new FormData(this.element);
    const source = fields.get('watermark-source');
    let watermark = source;
    if (source === 'text' || source === 'picture') {
      watermark = {
        image: source === 'picture' ? Number(fields.get('watermark-image')) || null : null,
        text: source === 'text' ? fields.get('watermark-text').trim() : '',
        position: fields.get('watermark-position'),
        opacity: Number(fields.get('opacity')) / 100,
      };
    }
    this.markProblemTarget.textContent = '';
    this.change({ ...this.state, watermark }, event.type === 'change');
  }

  /** The mark that is seen: the picture's own, or that of its collection. */
  get mark() {
    const { watermark } = this.state;
    if (watermark === 'none') return null;
    const mark = watermark === 'collection' ? this.setupValue.collection : watermark;
    return mark && (mark.image || mark.text) ? mark : null;
  }

  stamp(context) {
    const { mark } = this;
    if (!mark) return;
    const picture = this.marks.get(mark, (problem) => {
      this.markProblemTarget.textContent = problem;
      this.show();
    });
    if (!picture) return;
    const [left, top, right, bottom] = this.state.crop;
    const { width, height } = context.canvas;
    const box = [left * width, top * height, right * width, bottom * height];
    this.marks.draw(context, picture, mark, box, this.result);
  }

  // Saving.

  get isChanged() {
    return !isSame(this.state, this.saved);
  }

  confirmLeave(event) {
    if (this.isChanged) event.preventDefault();
  }

  async save(event) {
    event.preventDefault();
    if (this.isSaving || !this.painter) return;
    this.isSaving = true;
    this.tell('');
    this.show();
    const { state } = this;
    try {
      const answer = await send(this.element, this.editsOf(state));
      this.base = answer.base;
      this.saved = state;
      this.statusTarget.innerHTML = answer.status_html;
      const detail = { clear: true, type: 'success', text: this.textsValue.saved };
      document.dispatchEvent(new CustomEvent('w-messages:add', { detail }));
    } catch (error) {
      this.tell(error instanceof Refused ? error.message : this.textsValue.failed);
    }
    this.isSaving = false;
    this.show();
  }

  /** What the server gets; the focal point only where somebody has set, moved or removed it. */
  editsOf(state) {
    const edits = { recipe: toRecipe(state), base: this.base };
    if (String(state.focal) !== String(this.saved.focal)) {
      const place = state.focal && inCrop(toFrame(state.focal, state, this.size), state.crop);
      edits.focal_point = place?.every((one) => one >= 0 && one <= 1) ? place : null;
    }
    return edits;
  }

  tell(problem) {
    this.problemTarget.textContent = problem;
    this.problemTarget.hidden = !problem;
  }
}

window.wagtail.app.register('picture-editor', PictureEditorController);
