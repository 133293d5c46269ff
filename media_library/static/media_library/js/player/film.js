/** One film in a player: video.js with our keys, a menu of qualities, and pictures above the seek bar. */

import { registerQualityMenu } from './quality.js';
import { showStoryboard } from './storyboard.js';

const SEEK_SECONDS = 5;
const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2];

const KEYS = {
  k: (player) => (player.paused() ? player.play() : player.pause()),
  m: (player) => player.muted(!player.muted()),
  f: (player) => (player.isFullscreen() ? player.exitFullscreen() : player.requestFullscreen()),
  ArrowLeft: (player) => player.currentTime(Math.max(0, player.currentTime() - SEEK_SECONDS)),
  ArrowRight: (player) => player.currentTime(Math.min(player.duration() || 0, player.currentTime() + SEEK_SECONDS)),
};
KEYS[' '] = KEYS.k;

/** Keys that no button, menu or slider has taken. `this` is the player. */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act(this);
}

/**
 * Put a `<video data-film>` into a player and return it.
 *
 * `data-duration` (seconds) is shown before anything is loaded; `data-storyboard` is the URL of WebVTT thumbnails;
 * `texts` has the labels of the quality menu.
 */
export function makePlayer(video, texts) {
  const { videojs } = window;
  registerQualityMenu(videojs);
  const { width, height, preload } = video;
  const { duration, storyboard } = video.dataset;
  const label = video.getAttribute('aria-label');
  video.classList.add('video-js', 'film-player');
  const player = videojs(video, {
    controls: true,
    preload,
    responsive: true,
    playbackRates: RATES,
    // From HLS to MP4 to WebM, when one of them can't be played.
    retryOnError: true,
    userActions: { hotkeys: onKey },
    html5: { vhs: { useDevicePixelRatio: true } },
    controlBar: {
      children: [
        'playToggle',
        'volumePanel',
        'currentTimeDisplay',
        'progressControl',
        'durationDisplay',
        'playbackRateMenuButton',
        'chaptersButton',
        'descriptionsButton',
        'subsCapsButton',
        'audioTrackButton',
        'qualityMenuButton',
        'pictureInPictureToggle',
        'fullscreenToggle',
      ],
      qualityMenuButton: { texts },
    },
  });
  takeShape(player, width, height);
  if (label) player.el().setAttribute('aria-label', label);
  if (duration) showDurationBeforeLoading(player, Number(duration));
  if (storyboard) showStoryboard(player, storyboard);
  video.addEventListener('film:poster', (event) => player.poster(event.detail));
  return player;
}

/** The film's own shape, and 16:9 until it is known. */
function takeShape(player, width, height) {
  // Through the object model: a style attribute would need a laxer Content-Security-Policy.
  const { style } = player.el();
  style.aspectRatio = width && height ? `${width} / ${height}` : '16 / 9';
  if (width && height) return;
  player.on('loadedmetadata', () => {
    if (player.videoHeight()) style.aspectRatio = `${player.videoWidth()} / ${player.videoHeight()}`;
  });
}

function showDurationBeforeLoading(player, seconds) {
  const show = () => {
    if (player.readyState() === 0) player.duration(seconds);
  };
  player.ready(show);
  player.on('loadstart', show);
}
