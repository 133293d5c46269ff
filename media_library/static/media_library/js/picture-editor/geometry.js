/**
 * The shape of an edited picture. The same maths as media_library/imaging/geometry.py; change both.
 *
 * A state holds the fields of a recipe. Its crop is [left, top, right, bottom] in fractions of the frame, which is the
 * picture after turning, flipping and straightening. A size is [width, height] in pixels.
 */

export const WHOLE = [0, 0, 1, 1];

/** Least width and height of a crop on the page, in fractions; the server takes half of it. */
const LEAST = 0.02;

const radians = (degrees) => (degrees * Math.PI) / 180;
const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

const turnedSize = (state, [width, height]) => (state.rotate % 180 ? [height, width] : [width, height]);

/** The size of the frame, for an unedited picture of this size. Not rounded. */
export function frameSize(state, size) {
  const [width, height] = turnedSize(state, size);
  const cos = Math.cos(radians(state.straighten));
  const sin = Math.abs(Math.sin(radians(state.straighten)));
  const scale = Math.min(width / (width * cos + height * sin), height / (width * sin + height * cos));
  return [width * scale, height * scale];
}

/** The crop in whole pixels: [left, top, right, bottom]. */
export function cropBox(state, size) {
  const [width, height] = frameSize(state, size).map((length) => Math.max(1, Math.floor(length + 1e-6)));
  const span = (start, end, length) => {
    const first = Math.min(Math.floor(start * length + 0.5), length - 1);
    return [first, Math.max(first + 1, Math.floor(end * length + 0.5))];
  };
  const [left, right] = span(state.crop[0], state.crop[2], width);
  const [top, bottom] = span(state.crop[1], state.crop[3], height);
  return [left, top, right, bottom];
}

/** Draw the frame at this scale into a context whose canvas has the frame's size. */
export function drawFrame(context, source, state, scale) {
  const { width, height } = context.canvas;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.translate(width / 2, height / 2);
  context.rotate(radians(state.straighten));
  context.scale(state.flip_horizontal ? -1 : 1, state.flip_vertical ? -1 : 1);
  context.rotate(radians(state.rotate));
  context.scale(scale, scale);
  context.drawImage(source, -source.width / 2, -source.height / 2);
  context.setTransform(1, 0, 0, 1, 0, 0);
}

/** Where a point of the unedited picture is in the frame; both in fractions, and it may lie outside. */
export function toFrame([x, y], state, size) {
  const [width, height] = size;
  const angle = radians(state.rotate);
  let [dx, dy] = rotated((x - 0.5) * width, (y - 0.5) * height, angle);
  dx *= state.flip_horizontal ? -1 : 1;
  dy *= state.flip_vertical ? -1 : 1;
  [dx, dy] = rotated(dx, dy, radians(state.straighten));
  const [frameWidth, frameHeight] = frameSize(state, size);
  return [dx / frameWidth + 0.5, dy / frameHeight + 0.5];
}

/** The way back. */
export function fromFrame([x, y], state, size) {
  const [frameWidth, frameHeight] = frameSize(state, size);
  let [dx, dy] = rotated((x - 0.5) * frameWidth, (y - 0.5) * frameHeight, -radians(state.straighten));
  dx *= state.flip_horizontal ? -1 : 1;
  dy *= state.flip_vertical ? -1 : 1;
  [dx, dy] = rotated(dx, dy, -radians(state.rotate));
  return [dx / size[0] + 0.5, dy / size[1] + 0.5];
}

function rotated(x, y, angle) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [x * cos - y * sin, x * sin + y * cos];
}

/** A point of the frame in fractions of the crop. */
export function inCrop([x, y], [left, top, right, bottom]) {
  return [(x - left) / (right - left), (y - top) / (bottom - top)];
}

/** What is seen, turned by a quarter: the crop turns along, and a flip across is one up and down afterwards. */
export function turn(state, clockwise) {
  const [left, top, right, bottom] = state.crop;
  return {
    ...state,
    rotate: (state.rotate + (clockwise ? 90 : 270)) % 360,
    flip_horizontal: state.flip_vertical,
    flip_vertical: state.flip_horizontal,
    crop: clockwise ? [1 - bottom, left, 1 - top, right] : [top, 1 - right, bottom, 1 - left],
    upright: !state.upright,
  };
}

/** What is seen, flipped: the crop and the angle are mirrored along. */
export function flip(state, horizontally) {
  const [left, top, right, bottom] = state.crop;
  const key = horizontally ? 'flip_horizontal' : 'flip_vertical';
  return {
    ...state,
    [key]: !state[key],
    straighten: -state.straighten || 0,
    crop: horizontally ? [1 - right, top, 1 - left, bottom] : [left, 1 - bottom, right, 1 - top],
  };
}

/** Width by height of the crop's preset in pixels; null where it is free. */
export function aspectRatio(state, size) {
  if (state.aspect === 'free') return null;
  const [width, height] = state.aspect === 'original' ? size : state.aspect.split(':').map(Number);
  const isTurned = state.aspect === 'original' ? state.rotate % 180 !== 0 : state.upright;
  return isTurned ? height / width : width / height;
}

/** The same in fractions of the frame: the width of a crop that is 1 high. */
function ratioInFrame(state, size) {
  const ratio = aspectRatio(state, size);
  const [width, height] = frameSize(state, size);
  return ratio === null ? null : (ratio * height) / width;
}

/** The largest crop with the preset's aspect round the centre of the present one. */
export function fitAspect(state, size) {
  const ratio = ratioInFrame(state, size);
  if (ratio === null) return state;
  const width = Math.min(1, ratio);
  const height = Math.min(1, 1 / ratio);
  const [left, top, right, bottom] = state.crop;
  const x = clamp((left + right - width) / 2, 0, 1 - width);
  const y = clamp((top + bottom - height) / 2, 0, 1 - height);
  return { ...state, crop: [x, y, x + width, y + height] };
}

export function moveCrop(state, dx, dy) {
  const [left, top, right, bottom] = state.crop;
  const x = clamp(dx, -left, 1 - right);
  const y = clamp(dy, -top, 1 - bottom);
  return { ...state, crop: [left + x, top + y, right + x, bottom + y] };
}

/**
 * Move the edges that a handle is named after ("n", "se", ...). With a preset, the edges opposite stay where they are
 * and the other side follows; a handle in the middle of an edge grows to both sides of it.
 */
export function resizeCrop(state, handle, dx, dy, size) {
  let [left, top, right, bottom] = state.crop;
  if (handle.includes('w')) left = clamp(left + dx, 0, right - LEAST);
  if (handle.includes('e')) right = clamp(right + dx, left + LEAST, 1);
  if (handle.includes('n')) top = clamp(top + dy, 0, bottom - LEAST);
  if (handle.includes('s')) bottom = clamp(bottom + dy, top + LEAST, 1);
  const ratio = ratioInFrame(state, size);
  if (ratio === null) return { ...state, crop: [left, top, right, bottom] };

  const isAcross = !/[ns]/.test(handle);
  const isAlong = !/[we]/.test(handle);
  // The edge that was moved further leads; then it must fit on the side on which it grows.
  let width = isAlong || (!isAcross && Math.abs(dy) > Math.abs(dx)) ? (bottom - top) * ratio : right - left;
  const centreX = (left + right) / 2;
  const centreY = (top + bottom) / 2;
  const roomX = isAlong ? 2 * Math.min(centreX, 1 - centreX) : handle.includes('w') ? right : 1 - left;
  const roomY = isAcross ? 2 * Math.min(centreY, 1 - centreY) : handle.includes('n') ? bottom : 1 - top;
  width = Math.max(Math.min(width, roomX, roomY * ratio), LEAST, LEAST * ratio);
  width = Math.min(width, roomX, roomY * ratio);
  const height = width / ratio;
  if (isAlong) [left, right] = [centreX - width / 2, centreX + width / 2];
  else if (handle.includes('w')) left = right - width;
  else right = left + width;
  if (isAcross) [top, bottom] = [centreY - height / 2, centreY + height / 2];
  else if (handle.includes('n')) top = bottom - height;
  else bottom = top + height;
  return { ...state, crop: [left, top, right, bottom].map((edge) => clamp(edge, 0, 1)) };
}
