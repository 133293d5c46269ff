import { WHOLE } from './geometry.js';

/** A recipe that changes nothing; the defaults of media_library/imaging/operations.py. */
export const UNEDITED = {
  rotate: 0,
  flip_horizontal: false,
  flip_vertical: false,
  straighten: 0,
  crop: WHOLE,
  brightness: 0,
  contrast: 0,
  saturation: 0,
  blur: 0,
  tone: '',
  watermark: 'collection',
};

/** How numbers stand on the page: a recipe's times this. */
export const SCALES = { straighten: 1, brightness: 100, contrast: 100, saturation: 100, blur: 1000 };

/**
 * The state of the page: a recipe with its defaults, the focal point in fractions of the unedited picture, and the
 * preset of the crop, which is of the page only.
 */
export function fromRecipe(recipe, focal) {
  return { ...UNEDITED, ...recipe, focal, aspect: 'free', upright: false };
}

export function toRecipe({ focal, aspect, upright, ...recipe }) {
  const rounded = (value) => Math.round(value * 1e6) / 1e6;
  return { ...recipe, crop: recipe.crop.map(rounded), straighten: rounded(recipe.straighten) };
}

/** Whether two states are the same picture. */
export function isSame(one, other) {
  return JSON.stringify([toRecipe(one), one.focal]) === JSON.stringify([toRecipe(other), other.focal]);
}
