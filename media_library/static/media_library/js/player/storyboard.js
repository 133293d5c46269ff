/** Thumbnails above the seek bar, from WebVTT whose cues are addresses like `sprite.jpg#xywh=160,0,160,90`. */

/** Widest and highest thumbnail, in CSS pixels. */
const MOST = 176;

const CUE = /^((?:\d+:)?\d+:\d+\.\d+)\s+-->\s+((?:\d+:)?\d+:\d+\.\d+)/;
const AREA = /#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)$/;

const seconds = (clock) => clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

/** Read WebVTT into `[{start, end, url, x, y, width, height}]`; seconds and pixels, `base` is its own address. */
export function parseStoryboard(text, base) {
  const rows = text.split(/\r\n?|\n/);
  return rows.flatMap((row, number) => {
    const times = CUE.exec(row);
    const area = AREA.exec(rows[number + 1]?.trim() ?? '');
    if (!times || !area) return [];
    const [x, y, width, height] = area.slice(1).map(Number);
    const url = new URL(rows[number + 1].trim().replace(AREA, ''), base).href;
    return [{ start: seconds(times[1]), end: seconds(times[2]), url, x, y, width, height }];
  });
}

/** Show the picture of the moment under the pointer, or at which the focused seek bar stands. */
export function showStoryboard(player, address) {
  const { progressControl } = player.controlBar;
  const { seekBar } = progressControl;
  // The whole bar of controls: positioned within it, a thumbnail can't leave the player.
  const frame = player.controlBar.el();
  const box = document.createElement('div');
  box.className = 'film-player__thumbnail';
  box.setAttribute('aria-hidden', 'true');
  box.hidden = true;
  frame.append(box);

  let cues = null;
  const load = () => {
    cues ??= fetch(address)
      .then((answer) => (answer.ok ? answer.text() : ''))
      .then((text) => parseStoryboard(text, new URL(address, document.baseURI)))
      .catch(() => []);
    return cues;
  };
  let wanted = null;

  async function show(time) {
    wanted = time;
    const found = (await load()).find((cue) => time >= cue.start && time < cue.end);
    if (wanted !== time) return;
    box.hidden = !found;
    if (!found) return;
    const scale = Math.min(1, MOST / Math.max(found.width, found.height));
    const bar = seekBar.el().getBoundingClientRect();
    const around = frame.getBoundingClientRect();
    const half = (found.width * scale) / 2;
    const middle = bar.left - around.left + (time / player.duration()) * bar.width;
    Object.assign(box.style, {
      width: `${found.width}px`,
      height: `${found.height}px`,
      backgroundImage: `url("${found.url}")`,
      backgroundPosition: `${-found.x}px ${-found.y}px`,
      left: `${Math.max(half, Math.min(middle, around.width - half)) - found.width / 2}px`,
      transform: `scale(${scale})`,
    });
  }

  function hide() {
    wanted = null;
    box.hidden = true;
  }

  const isKeyboardAtBar = () => seekBar.el().matches(':focus-visible');
  const follow = () => (isKeyboardAtBar() ? show(player.currentTime()) : undefined);

  progressControl.on(['pointermove', 'touchmove'], (event) => {
    if (player.duration()) show(Math.min(seekBar.calculateDistance(event) * player.duration(), player.duration() - 0.01));
  });
  progressControl.on(['pointerleave', 'touchend'], hide);
  seekBar.on('focus', follow);
  seekBar.on('blur', hide);
  player.on(['seeking', 'timeupdate'], follow);
}
