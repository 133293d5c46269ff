/** Tells Darkroom what was seen, for its editors: the page, and each picture, film and sound. Nothing about who saw it. */

import { runExperiments, tellPageView, watchMedia } from '@darkroom/client/beacon';

const { cms, page } = document.documentElement.dataset;
if (cms) {
  if (page) tellPageView(cms, Number(page));
  // First: what is hidden for this visitor is not in sight.
  runExperiments(cms, document);
  watchMedia(cms, document);
}
