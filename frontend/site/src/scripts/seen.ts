/** Tells Darkroom what was seen, for its editors: the page, and each picture, film and sound. Nothing about who saw it. */

import { tellPageView, watchMedia } from '@darkroom/client/beacon';

const { cms, page } = document.documentElement.dataset;
if (cms) {
  if (page) tellPageView(cms, Number(page));
  watchMedia(cms, document);
}
