import { cropBox, inCrop, toFrame } from './geometry.js';
import { isSame, SCALES, UNEDITED } from './state.js';

const { Controller } = window.StimulusModule;

const ORIGINAL = { ...UNEDITED, watermark: 'none' };
/** Height in pixels of all that must be seen beside the picture: header, tools, size, footer. */
const FURNITURE = 340;
const LEAST_HEIGHT = 260;
/** A small picture is shown larger than it is, but no larger than this. */
const LARGEST_SCALE = 2;

/** What the page shows of a state; actions are in controller.js. */
export class PictureEditorView extends Controller {
  static targets = [
    'stage', 'frame', 'canvas', 'shade', 'crop', 'focus', 'range', 'number', 'tone', 'aspect', 'swap', 'edge', 'size',
    'markSource', 'markField', 'markProblem', 'opacity', 'focalNote', 'focalButton', 'focalRemove', 'undo', 'redo',
    'reset', 'save', 'problem', 'unsaved', 'status', 'loading',
  ];

  isComparing = false;
  isPicking = false;
  isSaving = false;

  /** Bring the page up to date, once before the next frame is painted. */
  show() {
    this.pending ??= requestAnimationFrame(() => {
      this.pending = null;
      if (!this.painter) return;
      const seen = this.isComparing ? ORIGINAL : this.state;
      this.painter.paint(seen, (context) => this.isComparing || this.stamp(context));
      this.fit();
      this.showOverlays();
      this.showControls();
      if (!this.isComparing) this.dispatch('shown', { detail: this.seen });
    });
  }

  /** The picture as it is edited, for those who show crops of it (crops/controller.js). */
  get seen() {
    const { state } = this;
    const { width, height } = this.canvasTarget;
    const [left, top, right, bottom] = state.crop;
    const size = [this.result.width, this.result.height];
    const place = state.focal && inCrop(toFrame(state.focal, state, this.size), state.crop);
    const isInside = place?.every((one) => one >= 0 && one <= 1);
    const isTurned = (state.rotate - this.saved.rotate) % 180 !== 0;
    const [across, along] = isTurned ? this.setupValue.focalArea.toReversed() : this.setupValue.focalArea;
    return {
      picture: this.canvasTarget,
      part: [left * width, top * height, (right - left) * width, (bottom - top) * height],
      size,
      focus: isInside ? { x: place[0] * size[0], y: place[1] * size[1], width: across, height: along } : null,
    };
  }

  /** Give the picture the room that there is. */
  fit() {
    const { width, height } = this.canvasTarget;
        const style = getComputedStyle(this.stageTarget);
    const across = this.stageTarget.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const along = Math.max(LEAST_HEIGHT, window.innerHeight - FURNITURE);
    const scale = Math.min(across / width, along / height, LARGEST_SCALE);
    this.frameTarget.style.width = `${width * scale}px`;
    this.frameTarget.style.height = `${height * scale}px`;
  }

  showOverlays() {
    const [left, top, right, bottom] = this.state.crop.map((edge) => `${edge * 100}%`);
    [this.shadeTarget, this.cropTarget].forEach((element) => {
      element.style.left = left;
      element.style.top = top;
      element.style.width = `calc(${right} - ${left})`;
      element.style.height = `calc(${bottom} - ${top})`;
      element.hidden = this.isComparing;
    });
    this.frameTarget.classList.toggle('picture-editor__frame--picking', this.isPicking);
    this.focalButtonTarget.setAttribute('aria-pressed', this.isPicking);
    const { focal } = this.state;
    this.focusTarget.hidden = !focal || this.isComparing;
    this.focalRemoveTarget.hidden = !focal;
    this.focalNoteTarget.hidden = true;
    if (!focal) return;
    const [x, y] = toFrame(focal, this.state, this.size);
    this.focusTarget.style.left = `${x * 100}%`;
    this.focusTarget.style.top = `${y * 100}%`;
    const crop = this.state.crop;
    const isOutside = x < crop[0] || x > crop[2] || y < crop[1] || y > crop[3];
    this.focusTarget.hidden ||= x < 0 || x > 1 || y < 0 || y > 1;
    this.focalNoteTarget.hidden = !isOutside;
  }

  showControls() {
    const { state } = this;
    this.rangeTargets.forEach((input) => {
      input.value = state[input.name] * SCALES[input.name];
    });
    this.numberTargets.forEach((input) => {
      if (input === document.activeElement && input.valueAsNumber === state[input.name] * SCALES[input.name]) return;
      input.value = Math.round(state[input.name] * SCALES[input.name] * 10) / 10;
    });
    this.toneTargets.forEach((input) => {
      input.checked = input.value === state.tone;
    });
    this.aspectTargets.forEach((input) => {
      input.checked = input.value === state.aspect;
    });
    this.swapTarget.disabled = ['free', 'original', '1:1'].includes(state.aspect);
    this.showSize();
    this.showMark();
    const isChanged = !isSame(state, this.saved);
    this.undoTarget.disabled = !this.history.past.length;
    this.redoTarget.disabled = !this.history.future.length;
    this.resetTarget.disabled = isSame({ ...UNEDITED, focal: state.focal }, state);
    this.saveTarget.disabled = !isChanged || this.isSaving;
    this.saveTarget.textContent = this.isSaving ? this.textsValue.saving : this.textsValue.save;
    this.unsavedTarget.hidden = !isChanged;
  }

  /** The size of the result in pixels. */
  get result() {
    const [left, top, right, bottom] = cropBox(this.state, this.size);
    return { width: right - left, height: bottom - top };
  }

  showSize() {
    const [left, top] = cropBox(this.state, this.size);
    const { width, height } = this.result;
    [left, top, width, height].forEach((value, index) => {
      if (this.edgeTargets[index] !== document.activeElement) this.edgeTargets[index].value = value;
    });
    // Read aloud whenever it is written.
    const text = `${width} × ${height}`;
    if (this.sizeTarget.textContent !== text) this.sizeTarget.textContent = text;
  }

  showMark() {
    const { watermark } = this.state;
    const isOwn = typeof watermark === 'object';
    const source = isOwn ? this.ownKind(watermark) : watermark;
    this.markSourceTarget.querySelector('select').value = source;
    this.markFieldTargets.forEach((field) => {
      field.hidden = !field.dataset.for.split(' ').includes(source);
    });
    if (!isOwn) return;
    const { elements } = this.element;
    const text = elements['watermark-text'];
    if (text !== document.activeElement) text.value = watermark.text;
    elements['watermark-position'].value = watermark.position;
    this.opacityTarget.value = Math.round(watermark.opacity * 100);
    const chooser = this.element.querySelector('.media-chooser')?.widget;
    if (watermark.image && chooser && Number(elements['watermark-image'].value) !== watermark.image) {
      // Undone or redone: the chooser's preview is not known here, but the canvas shows the picture.
      elements['watermark-image'].value = watermark.image;
    }
  }

  /** Whether one's own mark is a text or a picture; empty ones are what the select says. */
  ownKind(mark) {
    if (mark.image) return 'picture';
    if (mark.text) return 'text';
    return this.element.elements['watermark-source'].value === 'picture' ? 'picture' : 'text';
  }
}
