import { assert } from 'chai';
import { test } from 'node:test';

import { placeOn } from '../src/place.js';
import { Viewing } from '../src/viewing.js';

function play(viewing: Viewing, from: number, to: number, duration: number): void {
  viewing.jump();
  for (let time = from; time <= to; time += 0.25) viewing.at(time, duration);
}

test('what is watched of a film is told by tenths, and only what is new', () => {
  const viewing = new Viewing();
  assert.isNull(viewing.take());
  play(viewing, 0, 15, 100);
  assert.deepEqual(viewing.take(), { begins: true, tenths: [0, 1], seconds: [10, 5, 0, 0, 0, 0, 0, 0, 0, 0] });
  assert.isNull(viewing.take());
  play(viewing, 5, 10, 100);
  play(viewing, 95, 100, 100);
  assert.deepEqual(viewing.take(), { begins: false, tenths: [9], seconds: [5, 0, 0, 0, 0, 0, 0, 0, 0, 5] });
});

test('jumps are not watched, and neither is a film without a length', () => {
  const viewing = new Viewing();
  viewing.at(0, 100);
  viewing.at(60, 100);
  viewing.at(20, 100);
  viewing.at(20.2, NaN);
  viewing.at(20.4, Infinity);
  assert.isNull(viewing.take());
});

test('a step through several tenths of a short film counts in each', () => {
  const viewing = new Viewing();
  viewing.at(0, 1);
  viewing.at(0.25, 1);
  assert.deepEqual(viewing.take(), { begins: true, tenths: [0, 1, 2], seconds: [0.1, 0.1, 0.05, 0, 0, 0, 0, 0, 0, 0] });
});

const box = { width: 200, height: 100, naturalWidth: 400, naturalHeight: 400, position: '50% 50%' };

test('a click is a place of the whole picture, although only part of it is shown', () => {
  assert.deepEqual(placeOn({ ...box, fit: 'fill' }, 50, 50), { x: 0.25, y: 0.5 });
  assert.deepEqual(placeOn({ ...box, fit: 'cover' }, 0, 0), { x: 0, y: 0.25 });
  assert.deepEqual(placeOn({ ...box, fit: 'cover', position: '50% 0%' }, 100, 50), { x: 0.5, y: 0.25 });
});

test('a click beside a picture in its box is none', () => {
  assert.isNull(placeOn({ ...box, fit: 'contain' }, 10, 50));
  assert.deepEqual(placeOn({ ...box, fit: 'contain' }, 100, 50), { x: 0.5, y: 0.5 });
  assert.isNull(placeOn({ ...box, width: 0, fit: 'fill' }, 0, 0));
});
