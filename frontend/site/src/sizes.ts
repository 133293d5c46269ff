/** How wide pictures are shown, for browsers to choose a file: what styles/site.css does with the columns. */

/** The whole window. */
export const FULL = '100vw';
/** Wider than the text. */
export const WIDE = '(min-width: 72rem) 69rem, calc(100vw - 2.5rem)';
/** As wide as the text. */
export const TEXT = '(min-width: 44rem) 41.5rem, calc(100vw - 2.5rem)';
/** One of three beside each other, of two in a narrower window. */
export const CARD = '(min-width: 72rem) 21.5rem, (min-width: 44rem) calc(50vw - 2.25rem), calc(100vw - 2.5rem)';
/** One of a wall of pictures. */
export const WALL = '(min-width: 72rem) 33rem, (min-width: 44rem) 50vw, calc(100vw - 2.5rem)';
/** A poster beside words. */
export const POSTER = '(min-width: 72rem) 40rem, (min-width: 44rem) 57vw, calc(100vw - 2.5rem)';
/** A portrait beside words. */
export const PORTRAIT = '(min-width: 72rem) 26.6rem, (min-width: 44rem) 38vw, calc(100vw - 2.5rem)';
/** Beside what was found. */
export const THUMBNAIL = '7rem';
/** A face in a circle. */
export const FACE = '4rem';
