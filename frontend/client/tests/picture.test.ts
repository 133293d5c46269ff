import { assert } from 'chai';
import { test } from 'node:test';
import { thumbHashToRGBA } from 'thumbhash';

import { largest, picture, pictureHtml, placeholderUrl, type Image } from '../src/index.js';

export const image: Image = {
  id: 12,
  meta: { type: 'media_library.CustomImage', detail_url: '/api/v2/images/12/', tags: [], download_url: '/a.jpg' },
  title: 'Harbour',
  status: 'ready',
  alt: 'Boats "at" <dawn>',
  caption: '',
  credit: '',
  licence: '',
  licence_url: '',
  width: 4000,
  height: 3000,
  focal_point: { x: 0.425, y: 0.35 },
  animated: false,
  hdr: false,
  projection: null,
  motion: null,
  revision: '5d8c1a90',
  placeholder: { thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI', color: '#5b6f80' },
  src: '/w1280.jpg',
  srcset: '/w320.jpg 320w, /w1280.jpg 1280w',
  sources: [{ type: 'image/avif', srcset: '/w320.avif 320w' }],
  presets: { hero: { src: '/hero.jpg', width: 1920, height: 1080, sources: [{ type: 'image/webp', srcset: '/hero.webp' }], srcset: '' } },
};

test('a picture has the attributes of a <picture>', () => {
  const found = picture(image, { sizes: '50vw', placeholder: false });
  assert.deepEqual(found, {
    sources: [{ type: 'image/avif', srcset: '/w320.avif 320w', sizes: '50vw' }],
    img: {
      src: '/w1280.jpg',
      srcset: '/w320.jpg 320w, /w1280.jpg 1280w',
      sizes: '50vw',
      alt: 'Boats "at" <dawn>',
      width: 4000,
      height: 3000,
      loading: 'lazy',
      decoding: 'async',
    },
    style: { objectPosition: '42.5% 35%' },
  });
});

test('a picture that shines has its JPEGs before all others, for screens that can do it', () => {
  assert.deepEqual(picture({ ...image, hdr: true }, { sizes: '50vw' })?.sources[0], {
    type: 'image/jpeg',
    srcset: '/w320.jpg 320w, /w1280.jpg 1280w',
    sizes: '50vw',
    media: '(dynamic-range: high)',
  });
  assert.lengthOf(picture({ ...image, hdr: true }, { preset: 'hero' })?.sources ?? [], 1);
});

test('a preset is shown by its own files and size', () => {
  const found = picture(image, { preset: 'hero' });
  assert.deepEqual(found?.sources, [{ type: 'image/webp', srcset: '/hero.webp', sizes: '100vw' }]);
  assert.include(found?.img, { src: '/hero.jpg', width: 1920, height: 1080 });
  assert.notProperty(found?.img, 'srcset');
  assert.notProperty(found?.style, 'objectPosition');
});

test('a preset in several widths leaves the choice to the browser', () => {
  const hero = { ...image.presets!['hero']!, srcset: '/hero-640.jpg 640w, /hero.jpg 1280w' };
  const found = picture({ ...image, presets: { hero } }, { preset: 'hero', sizes: '50vw' });
  assert.include(found?.img, { src: '/hero.jpg', srcset: hero.srcset, sizes: '50vw' });
});

test('a preset that is not there yet is replaced by the whole picture', () => {
  assert.equal(picture(image, { preset: 'og' })?.img.src, '/w1280.jpg');
});

test('the first picture of a page is loaded at once', () => {
  assert.include(picture(image, { priority: true })?.img, { loading: 'eager', fetchpriority: 'high' });
});

test('there is no picture of nothing', () => {
  assert.isNull(picture(null));
  assert.isNull(picture({ ...image, src: null }));
  assert.equal(pictureHtml(undefined), '');
});

test('HTML is escaped', () => {
  const html = pictureHtml(image, { placeholder: false, attributes: { class: '"><script>', hidden: true } });
  assert.equal(
    html,
    '<picture><source type="image/avif" srcset="/w320.avif 320w" sizes="100vw">' +
      '<img src="/w1280.jpg" alt="Boats &quot;at&quot; &lt;dawn&gt;" loading="lazy" decoding="async" ' +
      'srcset="/w320.jpg 320w, /w1280.jpg 1280w" sizes="100vw" width="4000" height="3000" ' +
      'style="object-position:42.5% 35%" class="&quot;&gt;&lt;script&gt;" hidden></picture>',
  );
});

test('alt text may be of the place, and empty', () => {
  assert.include(pictureHtml(image, { alt: '' }), ' alt=""');
});

test('the placeholder is a small PNG in the colours of the picture', () => {
  const style = picture(image)?.style['background'] ?? '';
  assert.match(style, /^#5b6f80 url\("data:image\/png;base64,[\w+/=]+"\) center \/ cover no-repeat$/);
  assert.isBelow(style.length, 800);
});

test('what is transparent has no placeholder behind it', () => {
  const opaque = Uint8Array.from(atob('1QcSHQRnh493V4dIh4eXh1h4kJUI'), (letter) => letter.charCodeAt(0));
  opaque[2]! |= 0x80;
  assert.isNull(placeholderUrl(btoa(String.fromCharCode(...opaque))));
});

if (typeof createImageBitmap === 'function') {
  test('browsers see in the placeholder what the reference implementation draws', async () => {
    const hash = '1QcSHQRnh493V4dIh4eXh1h4kJUI';
    const bitmap = await createImageBitmap(await (await fetch(placeholderUrl(hash)!)).blob());
    assert.deepEqual([bitmap.width, bitmap.height], [9, 12]);
    const context = new OffscreenCanvas(9, 12).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, 9, 12);

    const expected = thumbHashToRGBA(Uint8Array.from(atob(hash), (letter) => letter.charCodeAt(0)));
    for (const [x, y] of [[0, 0], [8, 0], [4, 6], [0, 11], [8, 11]] as const) {
      const [column, row] = [Math.floor(((x + 0.5) / 9) * expected.w), Math.floor(((y + 0.5) / 12) * expected.h)];
      for (const channel of [0, 1, 2]) {
        const [is, ought] = [data[(y * 9 + x) * 4 + channel], expected.rgba[(row * expected.w + column) * 4 + channel]];
        assert.closeTo(is!, ought!, 6, `at ${x}, ${y}`);
      }
    }
  });
}

test('the largest file is the last one that is listed, or the only one', () => {
  assert.equal(largest(image), '/w1280.jpg');
  assert.equal(largest({ src: '/drawing.svg', srcset: '' }), '/drawing.svg');
  assert.isNull(largest({ src: null, srcset: '' }));
});
