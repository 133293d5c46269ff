/** What the controls of components/Controls.astro do. */

const clock = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${Math.floor(seconds % 60)
    .toString()
    .padStart(2, '0')}`;

/**
 * Lets buttons and slider move the film, and say how it is. Returns what is told whether captions have to be written,
 * since those of the browser can't be seen.
 */
export function controlFilm(film: HTMLElement, video: HTMLVideoElement, controls: HTMLElement): (isLive: boolean) => void {
  const slider = controls.querySelector('input')!;
  const button = (name: string) => controls.querySelector<HTMLButtonElement>(`[data-does="${name}"]`);
  const says = (name: string, isOn: boolean) => button(name)?.setAttribute('aria-pressed', String(isOn));

  button('play')!.addEventListener('click', () => void (video.paused ? video.play().catch(() => undefined) : video.pause()));
  for (const name of ['play', 'pause', 'ended']) video.addEventListener(name, () => says('play', !video.paused));

  button('mute')!.addEventListener('click', () => (video.muted = !video.muted));
  video.addEventListener('volumechange', () => says('mute', video.muted));

  slider.addEventListener('input', () => (video.currentTime = Number(slider.value)));
  const place = () => {
    const { currentTime, duration } = video;
    if (Number.isFinite(duration)) slider.max = String(duration);
    slider.value = String(currentTime);
    slider.setAttribute('aria-valuetext', `${clock(currentTime)} of ${clock(Number(slider.max))}`);
  };
  for (const name of ['timeupdate', 'seeking', 'seeked', 'durationchange']) video.addEventListener(name, place);

  const fill = button('fill')!;
  // iPhones let no more than a video itself fill the screen, which would be the flat one.
  fill.hidden = !document.fullscreenEnabled;
  fill.addEventListener('click', () => void (document.fullscreenElement ? document.exitFullscreen() : film.requestFullscreen()));
  document.addEventListener('fullscreenchange', () => says('fill', document.fullscreenElement === film));

  return writeCaptions(film, video, button('captions'), (isOn) => says('captions', isOn));
}

function writeCaptions(
  film: HTMLElement,
  video: HTMLVideoElement,
  button: HTMLButtonElement | null,
  says: (isOn: boolean) => void,
): (isLive: boolean) => void {
  const cue = film.querySelector<HTMLElement>('.cue')!;
  const tracks = [...video.textTracks].filter(({ kind }) => kind === 'captions' || kind === 'subtitles');
  const track = tracks.find(({ mode }) => mode === 'showing') ?? tracks[0];
  if (!button || !track) return () => undefined;

  const write = () => {
    const lines = [...(track.activeCues ?? [])] as VTTCue[];
    cue.replaceChildren(...lines.map((line) => line.getCueAsHTML()));
    cue.hidden = !lines.length || track.mode !== 'hidden';
  };
  const turn = (mode: TextTrackMode) => {
    track.mode = mode;
    says(mode !== 'disabled');
    write();
  };
  track.addEventListener('cuechange', write);
  button.addEventListener('click', () => turn(track.mode === 'disabled' ? 'hidden' : 'disabled'));
  // "Hidden" captions are read all the same.
  return (isLive) => {
    if (track.mode !== 'disabled') turn(isLive ? 'hidden' : 'showing');
  };
}
