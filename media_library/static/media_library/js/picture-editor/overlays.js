import { fitAspect, frameSize, fromFrame, moveCrop, resizeCrop, toFrame } from './geometry.js';
import { arrowStep, drag, placeOn } from './pointer.js';
import { PictureEditorView } from './view.js';

const inside = (value) => Math.min(1, Math.max(0, value));

/** What lies on the picture, by pointer and by keyboard: the crop and the focal point. */
export class PictureEditorOverlays extends PictureEditorView {
  /** Take a new state. With `keep`, one may come back to the state before. */
  change(state, keep = true) {
    this.state = state;
    if (keep) this.history.keep(state);
    this.show();
  }

  keep() {
    this.change(this.state);
  }

  // The crop on the picture.

  dragCrop(event) {
    if (event.button || this.isPicking) return;
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.focus();
    const { handle } = event.currentTarget.dataset;
    const begin = this.state;
    const moved = ([dx, dy]) =>
      this.change(handle ? resizeCrop(begin, handle, dx, dy, this.size) : moveCrop(begin, dx, dy), false);
    drag(event, this.frameTarget, moved, () => this.keep());
  }

  pressOnCrop(event) {
    const step = arrowStep(event);
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const { handle } = event.currentTarget.dataset;
    this.change(handle ? resizeCrop(this.state, handle, ...step, this.size) : moveCrop(this.state, ...step));
  }

  chooseAspect(event) {
    const { value } = event.currentTarget;
    const { rotate } = this.state;
    const isUpright = (this.size[0] < this.size[1]) !== (rotate % 180 !== 0);
    this.change(fitAspect({ ...this.state, aspect: value, upright: isUpright }, this.size));
  }

  swapAspect() {
    this.change(fitAspect({ ...this.state, upright: !this.state.upright }, this.size));
  }

  typeEdge() {
    const [x, y, width, height] = this.edgeTargets.map((input) => input.valueAsNumber || 0);
    const [frameWidth, frameHeight] = frameSize(this.state, this.size);
    const left = Math.min(Math.max(x, 0) / frameWidth, 0.98);
    const top = Math.min(Math.max(y, 0) / frameHeight, 0.98);
    const right = Math.min(1, left + Math.max(width / frameWidth, 0.02));
    const bottom = Math.min(1, top + Math.max(height / frameHeight, 0.02));
    this.change({ ...this.state, aspect: 'free', crop: [left, top, right, bottom] });
  }

  // The focal point.

  /** With a pointer, the next click on the picture sets it; with a key, it is there, and arrow keys take it on. */
  pickFocus(event) {
    const isKey = event.detail === 0;
    this.isPicking = !isKey && !this.isPicking;
    if (isKey && !this.state.focal) this.setFocus(this.centreOfCrop);
    this.show();
    if (isKey) this.focusMarker();
  }

  get centreOfCrop() {
    const [left, top, right, bottom] = this.state.crop;
    return [(left + right) / 2, (top + bottom) / 2];
  }

  placeFocus(event) {
    if (!this.isPicking) return;
    event.preventDefault();
    this.isPicking = false;
    this.setFocus(placeOn(this.frameTarget, event));
    this.focusMarker();
  }

  setFocus(place, keep = true) {
    this.change({ ...this.state, focal: fromFrame(place.map(inside), this.state, this.size) }, keep);
  }

  focusMarker() {
    this.focusTarget.hidden = false;
    this.focusTarget.focus();
  }

  dragFocus(event) {
    if (event.button) return;
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.focus();
    const begin = toFrame(this.state.focal, this.state, this.size);
    drag(event, this.frameTarget, (way) => this.moveFocus(begin, way, false), () => this.keep());
  }

  pressOnFocus(event) {
    const step = arrowStep(event);
    if (!step) return;
    event.preventDefault();
    this.moveFocus(toFrame(this.state.focal, this.state, this.size), step, true);
  }

  moveFocus([x, y], [dx, dy], keep) {
    this.setFocus([x + dx, y + dy], keep);
  }

  removeFocus() {
    this.change({ ...this.state, focal: null });
    this.focalButtonTarget.focus();
  }
}
