/** Panoramas to look around in, by the viewer of Darkroom itself; films among them with controls above it. */

import '../../../../media_library/static/media_library/js/sphere.js';
import { controlFilm } from './controls';

for (const sphere of document.querySelectorAll<HTMLElement>('[data-sphere]')) {
  const film = sphere.querySelector<HTMLElement>('[data-film]');
  if (!film) continue;
  const video = film.querySelector('video')!;
  const controls = film.querySelector<HTMLElement>('.controls')!;
  const follow = controlFilm(film, video, controls);
  sphere.addEventListener('sphere', () => {
    const isLive = sphere.classList.contains('sphere--live');
    video.controls = !isLive;
    controls.hidden = !isLive;
    follow(isLive);
    // Where the browser's own controls had it.
    if (isLive && document.activeElement === video) controls.querySelector('button')!.focus();
  });
}
