/** Motion photos move for who points at them, comes to them by keyboard, or presses their button. */

const wantsStillness = matchMedia('(prefers-reduced-motion: reduce)');

for (const photo of document.querySelectorAll<HTMLElement>('[data-motion]')) {
  const video = photo.querySelector('video')!;
  const button = photo.querySelector('button')!;

  const move = () => {
    button.setAttribute('aria-pressed', 'true');
    video.play().catch(stop);
  };
  const stop = () => {
    button.setAttribute('aria-pressed', 'false');
    photo.classList.remove('moving');
    video.pause();
    video.currentTime = 0;
  };
  // Until there is something to see, the picture is.
  video.addEventListener('playing', () => photo.classList.toggle('moving', !video.paused));

  button.hidden = false;
  button.addEventListener('click', () => (video.paused ? move() : stop()));
  button.addEventListener('focus', () => {
    if (button.matches(':focus-visible') && !wantsStillness.matches) move();
  });
  button.addEventListener('blur', stop);
  photo.addEventListener('pointerenter', ({ pointerType }) => {
    // A finger that scrolls past wants nothing of it.
    if (pointerType === 'mouse' && !wantsStillness.matches) move();
  });
  photo.addEventListener('pointerleave', ({ pointerType }) => {
    if (pointerType === 'mouse' && document.activeElement !== button) stop();
  });
}

export {};
