import { assert } from 'chai';
import { test } from 'node:test';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

import { CmsImage, CmsVideo } from '../src/react.js';
import { image } from './picture.test.js';
import { film } from './video.test.js';

test('<CmsImage> draws a picture', () => {
  const html = renderToStaticMarkup(
    createElement(CmsImage, { image, sizes: '50vw', placeholder: false, className: 'wide', style: { width: '100%' } }),
  );
  assert.equal(
    html,
    '<picture><source type="image/avif" srcSet="/w320.avif 320w" sizes="50vw"/>' +
      '<img src="/w1280.jpg" alt="Boats &quot;at&quot; &lt;dawn&gt;" loading="lazy" decoding="async" sizes="50vw" ' +
      'width="4000" height="3000" srcSet="/w320.jpg 320w, /w1280.jpg 1280w" class="wide" ' +
      'style="object-position:42.5% 35%;width:100%"/></picture>',
  );
});

test('<CmsImage> has a placeholder on servers, too', () => {
  const html = renderToStaticMarkup(createElement(CmsImage, { image, priority: true }));
  assert.include(html, 'background:#5b6f80 url(');
  assert.include(html, 'fetchPriority="high"');
});

test('<CmsImage> draws nothing of nothing', () => {
  assert.equal(renderToStaticMarkup(createElement(CmsImage, { image: null })), '');
});

test('<CmsVideo> draws a film with its captions', () => {
  const html = renderToStaticMarkup(createElement(CmsVideo, { video: film, id: 'ferry' }));
  assert.equal(
    html,
    '<video preload="metadata" aria-label="Ferry &amp; tide" poster="/poster.jpg" width="1920" height="1080" ' +
      'controls="" playsInline="" id="ferry"><source src="/master.m3u8" type="application/vnd.apple.mpegurl"/>' +
      '<source src="/720.mp4" type="video/mp4"/>' +
      '<track srcLang="en" kind="captions" src="/en.vtt" label="English" default=""/>Ferry &amp; tide</video>',
  );
});

test('<CmsVideo> draws the poster while there is nothing to play', () => {
  const html = renderToStaticMarkup(createElement(CmsVideo, { video: { ...film, sources: [] } }));
  assert.include(html, '<img src="/poster.jpg"');
  assert.notInclude(html, '<video');
});
