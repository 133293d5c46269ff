/** The waveform of a sound: drawn when it comes near, and a click on it goes there. */

interface Peaks {
  /** The smallest and the largest sample of each point in turn, from -128 to 127. */
  data: number[];
}

const WIDTH = 600;
const HEIGHT = 64;

async function draw(svg: SVGSVGElement): Promise<void> {
  const answer = await fetch(svg.dataset['waveform']!);
  if (!answer.ok) return;
  const { data } = (await answer.json()) as Peaks;
  const points = data.length / 2;
  const bars = Math.min(150, points);
  let line = '';
  for (let bar = 0; bar < bars; bar++) {
    const from = Math.floor((bar * points) / bars) * 2;
    const to = Math.floor(((bar + 1) * points) / bars) * 2;
    const loudest = Math.max(1, ...data.slice(from, to).map(Math.abs));
    const x = ((bar + 0.5) * WIDTH) / bars;
    const half = (loudest / 128) * (HEIGHT / 2);
    line += `M${x.toFixed(1)} ${(HEIGHT / 2 - half).toFixed(1)}V${(HEIGHT / 2 + half).toFixed(1)}`;
  }
  for (const path of svg.querySelectorAll('path')) path.setAttribute('d', line);

  const audio = svg.parentElement!.querySelector('audio')!;
  const played = svg.querySelector<SVGPathElement>('.played')!;
  const show = () => {
    const share = audio.duration ? audio.currentTime / audio.duration : 0;
    played.style.clipPath = `inset(0 ${100 - share * 100}% 0 0)`;
  };
  show();
  audio.addEventListener('timeupdate', show);
  svg.addEventListener('click', ({ clientX }) => {
    const { left, width } = svg.getBoundingClientRect();
    const go = () => void (audio.currentTime = ((clientX - left) / width) * audio.duration);
    if (audio.duration) go();
    else audio.addEventListener('loadedmetadata', go, { once: true });
    void audio.play();
  });
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      void draw(target as SVGSVGElement);
    }
  },
  { rootMargin: '200px' },
);
document.querySelectorAll('[data-waveform]').forEach((svg) => near.observe(svg));

export {};
