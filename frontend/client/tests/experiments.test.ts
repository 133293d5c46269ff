import { assert } from 'chai';
import { test } from 'node:test';

import { variantOf } from '../src/experiments.js';

const values = Array.from({ length: 20_000 }, (_, number) => `visitor-${number}`);

test('half of all visitors see either variant, and each of them always the same', () => {
  const share = values.filter((value) => variantOf(7, value) === 'b').length / values.length;
  // Five standard errors of a fair coin.
  assert.closeTo(share, 0.5, (5 * 0.5) / Math.sqrt(values.length));
  assert.equal(variantOf(7, 'visitor-1'), variantOf(7, 'visitor-1'));
});

test('what a visitor sees in one experiment says nothing of another', () => {
  for (const [one, other] of [[1, 2], [2, 3], [9, 10], [41, 42]] as const) {
    const same = values.filter((value) => variantOf(one, value) === variantOf(other, value)).length / values.length;
    assert.closeTo(same, 0.5, (5 * 0.5) / Math.sqrt(values.length));
  }
});

test('the hash is the one that the guide describes', () => {
  // From an implementation in Python of the same words.
  const found = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => variantOf(12, `value-${number}-ü`)).join('');
  assert.equal(found, 'bbabaaabaa');
});
