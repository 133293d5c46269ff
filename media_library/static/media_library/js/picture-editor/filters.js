/**
 * The colours and the blur of an edited picture. The same maths as media_library/imaging.toning.py; change both.
 *
 * Canvas filters of CSS would do most of it, but not in every browser, and not with the same blur.
 */

const LUMINANCE = [0.2126, 0.7152, 0.0722];

const TONES = {
  greyscale: [...LUMINANCE, ...LUMINANCE, ...LUMINANCE],
  sepia: [0.393, 0.769, 0.189, 0.349, 0.686, 0.168, 0.272, 0.534, 0.131],
};

const limit = (value) => Math.min(255, Math.max(0, value));

/** Change ImageData in place. `longest` is the longer side of the unedited picture at the scale of these pixels. */
export function applyFilters(pixels, state, longest) {
  const { data } = pixels;
  if (state.brightness || state.contrast) applyCurve(data, curve(state.brightness, state.contrast));
  if (state.saturation) applyMatrix(data, saturate(1 + state.saturation));
  if (state.tone) applyMatrix(data, TONES[state.tone]);
  if (state.blur) blur(pixels, state.blur * longest);
}

function curve(brightness, contrast) {
  return Uint8ClampedArray.from({ length: 256 }, (_, before) => {
    const brightened = Math.min(255, before * (1 + brightness));
    return Math.floor(limit((brightened - 127.5) * (1 + contrast) + 127.5) + 0.5);
  });
}

function saturate(amount) {
  const [red, green, blue] = LUMINANCE.map((share) => share * (1 - amount));
  return [red + amount, green, blue, red, green + amount, blue, red, green, blue + amount];
}

function applyCurve(data, table) {
  for (let at = 0; at < data.length; at += 4) {
    data[at] = table[data[at]];
    data[at + 1] = table[data[at + 1]];
    data[at + 2] = table[data[at + 2]];
  }
}

function applyMatrix(data, [a, b, c, d, e, f, g, h, i]) {
  for (let at = 0; at < data.length; at += 4) {
    const red = data[at];
    const green = data[at + 1];
    const blue = data[at + 2];
    // The array rounds and clamps.
    data[at] = a * red + b * green + c * blue;
    data[at + 1] = d * red + e * green + f * blue;
    data[at + 2] = g * red + h * green + i * blue;
  }
}

/**
 * A Gaussian of this standard deviation by three box blurs each way, as Pillow does it: the box has a fractional
 * radius, so that its variance is right (Gwosdek et al., Theoretical Foundations of Gaussian Convolution by Extended
 * Box Filtering, 2011). Beyond the edge the last pixel goes on. What is transparent has no colour to bleed.
 */
function blur({ data, width, height }, deviation) {
  const radius = (Math.sqrt((12 * deviation * deviation) / 3 + 1) - 1) / 2;
  const alpha = Float32Array.from({ length: width * height }, (_, at) => data[at * 4 + 3]);
  const line = new Float32Array(Math.max(width, height));
  const planes = [0, 1, 2].map((channel) => alpha.map((share, at) => (data[at * 4 + channel] * share) / 255));
  for (const plane of [...planes, alpha]) {
    for (let pass = 0; pass < 3; pass += 1) {
      for (let row = 0; row < height; row += 1) blurLine(plane, line, row * width, 1, width, radius);
    }
    for (let pass = 0; pass < 3; pass += 1) {
      for (let column = 0; column < width; column += 1) blurLine(plane, line, column, width, height, radius);
    }
  }
  for (let at = 0; at < alpha.length; at += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      data[at * 4 + channel] = alpha[at] ? (planes[channel][at] * 255) / alpha[at] : 0;
    }
    data[at * 4 + 3] = alpha[at];
  }
}

function blurLine(plane, line, start, step, length, radius) {
  const whole = Math.floor(radius);
  const rest = radius - whole;
  const weight = 1 / (2 * radius + 1);
  const last = length - 1;
  for (let at = 0; at < length; at += 1) line[at] = plane[start + at * step];
  const value = (at) => line[at < 0 ? 0 : at > last ? last : at];
  let sum = 0;
  for (let at = -whole; at <= whole; at += 1) sum += value(at);
  for (let at = 0; at < length; at += 1) {
    plane[start + at * step] = (sum + rest * (value(at - whole - 1) + value(at + whole + 1))) * weight;
    sum += value(at + whole + 1) - value(at - whole);
  }
}
