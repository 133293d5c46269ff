/**
 * Makes a player of each `<video data-film>` of the page, whenever it comes near the window or is reached by keyboard.
 *
 * Until then, and without scripts, it is a plain video with controls. Neither the player's code nor its styles are
 * loaded before they are needed. Which files these are stands on our own script element; see the template player.html.
 */

const setup = document.querySelector('script[data-film-player]').dataset;

/** How far below or above the window a film is when its player is made. */
const NEAR = '400px';

const players = new Map();
let loading = null;

function loadScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${url} did not load`));
    document.head.append(script);
  });
}

function loadStyles(url) {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = url;
    // Takes part in nothing before its fonts have been looked through.
    link.media = 'not all';
    link.onload = () => {
      dropEmbeddedFonts(link.sheet);
      link.media = 'all';
      resolve();
    };
    link.onerror = () => reject(new Error(`${url} did not load`));
    document.head.append(link);
  });
}

/** video.js has its icons in its styles, and a strict Content-Security-Policy forbids that; ours are in a file. */
function dropEmbeddedFonts(sheet) {
  [...sheet.cssRules].reverse().forEach((rule, fromEnd, { length }) => {
    if (rule instanceof CSSFontFaceRule && rule.cssText.includes('data:')) sheet.deleteRule(length - 1 - fromEnd);
  });
}

async function load() {
  // Tells video.js to write no <style>, which a strict Content-Security-Policy forbids.
  window.VIDEOJS_NO_DYNAMIC_STYLE = true;
  const [{ makePlayer }] = await Promise.all([
    import('./player/film.js'),
    loadScript(setup.library),
    ...setup.styles.split(' ').map(loadStyles),
  ]);
  if (setup.language) {
    const words = await fetch(setup.language).then((answer) => (answer.ok ? answer.json() : null));
    if (words) window.videojs.addLanguage(document.documentElement.lang, words);
  }
  return makePlayer;
}

async function upgrade(video) {
  near.unobserve(video);
  if (players.has(video)) return;
  players.set(video, null);
  try {
    loading ??= load();
    const makePlayer = await loading;
    // Whoever has started it by the browser's controls goes on with these.
    if (video.isConnected && video.paused) players.set(video, makePlayer(video, setup));
  } catch (error) {
    // The plain video still plays.
    loading = null;
    players.delete(video);
    console.warn(error);
  }
}

const near = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => upgrade(entry.target)),
  { rootMargin: NEAR },
);

function watch(root) {
  root.querySelectorAll('video[data-film]').forEach((video) => {
    if (players.has(video)) return;
    near.observe(video);
    video.addEventListener('focus', () => upgrade(video), { once: true });
  });
}

function forgetRemoved() {
  players.forEach((player, video) => {
    if (video.isConnected) return;
    player?.dispose();
    players.delete(video);
  });
}

// Previews, choosers and front ends put films on a page that is there already.
new MutationObserver((changes) => {
  if (changes.some((change) => change.removedNodes.length)) forgetRemoved();
  if (changes.some((change) => change.addedNodes.length)) watch(document);
}).observe(document.body, { childList: true, subtree: true });

watch(document);
