/** Where on a picture somebody clicked, whatever part of it the styles show. */

export interface Place {
  x: number;
  y: number;
}

/** Widths, heights and places in pixels; `position` is what styles say (`50% 20%`), of a picture that is cropped. */
export interface Shown {
  width: number;
  height: number;
  naturalWidth: number;
  naturalHeight: number;
  fit: string;
  position: string;
}

/** From 0 to 1 of the whole picture, from its upper left corner; null for what is beside it. */
export function placeOn(shown: Shown, x: number, y: number): Place | null {
  const { width, height, naturalWidth, naturalHeight, fit, position } = shown;
  if (!(width > 0 && height > 0)) return null;
  let [wide, high] = [width, height];
  if ((fit === 'cover' || fit === 'contain') && naturalWidth > 0 && naturalHeight > 0) {
    const scales = [width / naturalWidth, height / naturalHeight];
    const scale = fit === 'cover' ? Math.max(...scales) : Math.min(...scales);
    [wide, high] = [naturalWidth * scale, naturalHeight * scale];
  }
  const [across = 0.5, down = 0.5] = position.split(' ').map((one) => (one.endsWith('%') ? parseFloat(one) / 100 : 0.5));
  const place = { x: (x - (width - wide) * across) / wide, y: (y - (height - high) * down) / high };
  return Object.values(place).every((one) => one >= 0 && one <= 1) ? rounded(place) : null;
}

function rounded({ x, y }: Place): Place {
  return { x: Math.round(x * 1000) / 1000, y: Math.round(y * 1000) / 1000 };
}
