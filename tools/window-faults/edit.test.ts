import { expect, test } from 'vitest';
import { applyEdit, pathOf } from './edit.ts';

const file = 'out/main/main.js';

test('applyEdit() replaces a literal text, and a pattern with its groups', () => {
  expect([
    applyEdit('a(b);', { file, find: 'a(b)', put: '$1 $& c' }),
    applyEdit('floor((e-n)/vt)', { file, find: /\((\w)-(\w)\)/, put: '($2-$1)' }),
  ]).toEqual(['$1 $& c;', 'floor((n-e)/vt)']);
});

test.each([
  ['a text', 'x', 0],
  ['a text', 'a', 2],
  ['a pattern', /x/, 0],
  ['a pattern', /[ab]/, 4],
])(
  "applyEdit() refuses %s that isn't there exactly once: %s occurs %i times",
  (_what, find, count) => {
    expect(() => applyEdit('abab', { file, find, put: '' })).toThrow(
      `out/main/main.js holds ${count} times, not once: ${String(find)}`,
    );
  },
);

test('pathOf() finds the one file with a bundler-generated name', () => {
  const paths = ['out', 'out/assets', 'out/assets/index-B7_x.js', 'out/assets/index-B7_x.css'];
  expect(pathOf('out/assets/index-*.js', paths)).toBe('out/assets/index-B7_x.js');
});

test.each([
  ['no', []],
  ['no', ['out/index-a/b.js', 'out/index-ajs', 'out/index-a.js.map']],
  ['more than one', ['out/index-a.js', 'out/index-b.js']],
])('pathOf() refuses a built app that has %s such file', (count, paths) => {
  expect(() => pathOf('out/index-*.js', paths)).toThrow(
    `the built app has ${count} out/index-*.js`,
  );
});
