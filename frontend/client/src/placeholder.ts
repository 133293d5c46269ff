/**
 * What stands there until a picture has come: a ThumbHash as a tiny PNG, in a data URL that works on servers, too.
 *
 * ThumbHash (https://evanw.github.io/thumbhash/, MIT): a header, then the coefficients of a cosine transform of
 * luminance, two colours and opacity, in nibbles. It is drawn in a few pixels only, since browsers smooth what they
 * enlarge, and a page may have a hundred of them.
 */

const LONGEST = 12;

/** A `data:image/png` of a ThumbHash in base64; null for what has transparent parts, through which it would be seen. */
export function placeholderUrl(thumbhash: string): string | null {
  const hash = Uint8Array.from(atob(thumbhash), (letter) => letter.charCodeAt(0));
  if (hash.length < 5) return null;
  const header = hash[0]! | (hash[1]! << 8) | (hash[2]! << 16);
  if (header >> 23) return null;
  const [width, height, pixels] = draw(hash, header);
  return `data:image/png;base64,${btoa(String.fromCharCode(...png(width, height, pixels)))}`;
}

function draw(hash: Uint8Array, header: number): [width: number, height: number, pixels: number[]] {
  const extra = hash[3]! | (hash[4]! << 8);
  const isLandscape = extra >> 15;
  const lumaX = Math.max(3, isLandscape ? 7 : extra & 7);
  const lumaY = Math.max(3, isLandscape ? extra & 7 : 7);
  let nibble = 0;
  const channel = (nx: number, ny: number, scale: number): number[] => {
    const found: number[] = [];
    for (let cy = 0; cy < ny; cy++) {
      for (let cx = cy ? 0 : 1; cx * ny < nx * (ny - cy); cx++) {
        const value = (hash[5 + (nibble >> 1)]! >> ((nibble++ & 1) << 2)) & 15;
        found.push((value / 7.5 - 1) * scale);
      }
    }
    return found;
  };
  const luma = channel(lumaX, lumaY, ((header >> 18) & 31) / 31);
  // The colours are enlarged a little, as what was rounded has become paler.
  const [p, q] = [(extra >> 3) & 63, (extra >> 9) & 63].map((scale) => channel(3, 3, (scale / 63) * 1.25)) as [
    number[],
    number[],
  ];
  const ratio = (isLandscape ? 7 : extra & 7) / (isLandscape ? extra & 7 : 7);
  const width = Math.max(1, Math.round(ratio > 1 ? LONGEST : LONGEST * ratio));
  const height = Math.max(1, Math.round(ratio > 1 ? LONGEST / ratio : LONGEST));
  const cosines = (count: number, at: number) =>
    Array.from({ length: count }, (_, frequency) => Math.cos(Math.PI * at * frequency));
  const pixels: number[] = [];
  for (let y = 0; y < height; y++) {
    pixels.push(0); // no filter in this line of the PNG
    for (let x = 0; x < width; x++) {
      const fx = cosines(Math.max(lumaX, 3), (x + 0.5) / width);
      const fy = cosines(Math.max(lumaY, 3), (y + 0.5) / height);
      const sum = (start: number, found: number[], nx: number, ny: number): number => {
        let total = start;
        for (let cy = 0, at = 0; cy < ny; cy++) {
          for (let cx = cy ? 0 : 1; cx * ny < nx * (ny - cy); cx++) total += found[at++]! * fx[cx]! * fy[cy]! * 2;
        }
        return total;
      };
      const l = sum((header & 63) / 63, luma, lumaX, lumaY);
      const b = l - (2 / 3) * sum(((header >> 6) & 63) / 31.5 - 1, p, 3, 3);
      const r = (3 * l - b + sum(((header >> 12) & 63) / 31.5 - 1, q, 3, 3)) / 2;
      const g = r - sum(((header >> 12) & 63) / 31.5 - 1, q, 3, 3);
      for (const value of [r, g, b]) pixels.push(Math.round(255 * Math.min(1, Math.max(0, value))));
    }
  }
  return [width, height, pixels];
}

/** A PNG of 8-bit RGB whose only block of data is stored as it is: at this size, packing it would gain nothing. */
function png(width: number, height: number, pixels: readonly number[]): number[] {
  const length = pixels.length;
  let [a, b] = [1, 0];
  for (const value of pixels) {
    a = (a + value) % 65521;
    b = (b + a) % 65521;
  }
  return [
    ...[137, 80, 78, 71, 13, 10, 26, 10],
    ...chunk('IHDR', [...number32(width), ...number32(height), 8, 2, 0, 0, 0]),
    ...chunk('IDAT', [
      ...[0x78, 1, 1, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255],
      ...pixels,
      ...number32(((b << 16) | a) >>> 0),
    ]),
    ...chunk('IEND', []),
  ];
}

function chunk(type: string, data: readonly number[]): number[] {
  const body = [...Array.from(type, (letter) => letter.charCodeAt(0)), ...data];
  let crc = -1;
  for (const value of body) {
    crc ^= value;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return [...number32(data.length), ...body, ...number32(~crc >>> 0)];
}

function number32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
