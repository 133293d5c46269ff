import { applyFilters } from './filters.js';
import { drawFrame, frameSize } from './geometry.js';

/** Longest side of the canvas in pixels: more would make sliders lag. */
const LONGEST = 1200;

/** Paints an edited picture. What takes long, the frame with its colours, is kept until something of it changes. */
export class Painter {
  frame = document.createElement('canvas');
  painted = '';

  /** `source` is the unedited picture, at whatever scale. */
  constructor(canvas, source) {
    this.canvas = canvas;
    this.source = source;
  }

  /** Paint the whole frame of this state, and then the mark (a function of the context) on it. */
  paint(state, stamp = () => {}) {
    const { source, frame, canvas } = this;
    const { crop, watermark, focal, aspect, upright, ...looks } = state;
    const wanted = JSON.stringify(looks);
    if (wanted !== this.painted) {
      const size = frameSize(state, [source.width, source.height]);
      const scale = Math.min(1, LONGEST / Math.max(...size));
      [frame.width, frame.height] = size.map((length) => Math.max(1, Math.round(length * scale)));
      const context = frame.getContext('2d', { willReadFrequently: true });
      context.imageSmoothingQuality = 'high';
      drawFrame(context, source, state, scale);
      if (state.brightness || state.contrast || state.saturation || state.tone || state.blur) {
        const pixels = context.getImageData(0, 0, frame.width, frame.height);
        applyFilters(pixels, state, Math.max(source.width, source.height) * scale);
        context.putImageData(pixels, 0, 0);
      }
      this.painted = wanted;
    }
    if (canvas.width !== frame.width || canvas.height !== frame.height) {
      canvas.width = frame.width;
      canvas.height = frame.height;
    }
    const context = canvas.getContext('2d');
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(frame, 0, 0);
    stamp(context);
  }
}
