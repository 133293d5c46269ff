/** Films: HLS by hls.js where the browser plays none by itself, loaded when somebody wants to see one. */

const HLS = 'application/vnd.apple.mpegurl';

for (const film of document.querySelectorAll<HTMLElement>('[data-film]')) {
  const video = film.querySelector('video')!;
  const button = film.querySelector<HTMLButtonElement>('.start')!;
  const playlist = [...video.querySelectorAll('source')].find(({ type }) => type === HLS)?.src;
  const isPlain = !playlist || Boolean(video.canPlayType(HLS));
  let prepared: Promise<void> | undefined;

  // From here on the button starts it; the controls come with the film.
  button.hidden = false;
  video.controls = false;
  button.addEventListener('click', () => {
    button.remove();
    video.controls = true;
    video.focus();
    void play();
  });

  async function play(): Promise<void> {
    film.classList.add('playing');
    prepared ??= isPlain ? Promise.resolve() : withHls(video, playlist!);
    await prepared;
    await video.play().catch(() => undefined);
  }
}

/** The film through Media Source Extensions. What can't be played so stays as it is, with its MP4. */
async function withHls(video: HTMLVideoElement, playlist: string): Promise<void> {
  const { default: Hls } = await import('hls.js');
  if (!Hls.isSupported()) return;
  // No worker: it would be made from a blob, which the policy forbids.
  const hls = new Hls({ enableWorker: false, capLevelToPlayerSize: true, startLevel: -1 });
  const sources = [...video.querySelectorAll('source')];
  hls.on(Hls.Events.ERROR, (_event, { fatal }) => {
    if (!fatal) return;
    hls.destroy();
    video.replaceChildren(...sources.filter(({ type }) => type !== HLS), ...video.querySelectorAll('track'));
    video.load();
    void video.play().catch(() => undefined);
  });
  const isReady = new Promise<void>((resolve) => {
    hls.once(Hls.Events.MANIFEST_PARSED, () => resolve());
    hls.once(Hls.Events.ERROR, () => resolve());
  });
  hls.attachMedia(video);
  hls.loadSource(playlist);
  await isReady;
}

export {};
