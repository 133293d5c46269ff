import { assert } from 'chai';
import { test } from 'node:test';

import { video, videoHtml, type Video } from '../src/index.js';
import { image } from './picture.test.js';

export const film: Video = {
  id: 31,
  meta: { type: 'media_library.Video', detail_url: '/api/v2/videos/31/', tags: [], download_url: '/720.mp4' },
  title: 'Ferry & tide',
  status: 'ready',
  alt: '',
  caption: '',
  credit: '',
  licence: '',
  licence_url: '',
  progress: 1,
  parts: {},
  duration: 12.5,
  width: 1920,
  height: 1080,
  projection: null,
  poster: { ...image, src: '/poster.jpg' },
  sources: [
    { src: '/master.m3u8', type: 'application/vnd.apple.mpegurl', width: 1920, height: 1080, bitrate: 5_300_000 },
    { src: '/720.mp4', type: 'video/mp4', width: 1280, height: 720, bitrate: 2_100_000 },
  ],
  storyboard: null,
  tracks: [{ kind: 'captions', src: '/en.vtt', srclang: 'en', label: 'English', default: true }],
};

test('a film has the attributes of a <video>', () => {
  assert.deepEqual(video(film), {
    video: {
      preload: 'metadata',
      playsinline: true,
      'aria-label': 'Ferry & tide',
      poster: '/poster.jpg',
      width: 1920,
      height: 1080,
      controls: true,
    },
    sources: [
      { src: '/master.m3u8', type: 'application/vnd.apple.mpegurl' },
      { src: '/720.mp4', type: 'video/mp4' },
    ],
    tracks: [{ kind: 'captions', src: '/en.vtt', srclang: 'en', label: 'English', default: true }],
  });
});

test('a film whose captions are on another host is read under CORS', () => {
  const tracks = film.tracks.map((track) => ({ ...track, src: `https://cdn.example.org${track.src}` }));
  assert.equal(video({ ...film, tracks })?.video.crossorigin, 'anonymous');
});

test('a film to look around in is read under CORS, if it is on another host', () => {
  const projection = { type: 'equirectangular', stereo: 'mono', left: 0, top: 0, width: 1, height: 1 };
  const sources = film.sources.map((source) => ({ ...source, src: `https://cdn.example.org${source.src}` }));
  assert.equal(video({ ...film, projection, sources })?.video.crossorigin, 'anonymous');
  assert.notProperty(video({ ...film, sources })?.video, 'crossorigin');
  assert.notProperty(video({ ...film, projection })?.video, 'crossorigin');
});

test('an ambient film plays by itself, silently', () => {
  const found = video(film, { ambient: true, preload: 'auto' })?.video;
  assert.include(found, { autoplay: true, muted: true, loop: true, preload: 'auto' });
  assert.notProperty(found, 'controls');
});

test('there is no film before there is anything to play', () => {
  assert.isNull(video({ ...film, sources: [] }));
  assert.equal(videoHtml(null), '');
});

test('a film as HTML', () => {
  assert.equal(
    videoHtml(film, { attributes: { class: 'wide' } }),
    '<video preload="metadata" playsinline aria-label="Ferry &amp; tide" poster="/poster.jpg" width="1920" ' +
      'height="1080" controls class="wide"><source src="/master.m3u8" type="application/vnd.apple.mpegurl">' +
      '<source src="/720.mp4" type="video/mp4">' +
      '<track kind="captions" src="/en.vtt" srclang="en" label="English" default>Ferry &amp; tide</video>',
  );
});
