import { expect, test } from 'vitest';
import { suggest } from '../../main/cli/suggest.ts';

const VERBS = ['agent', 'login', 'list', 'status', 'token', 'refresh', 'check', 'logout'];

test.each([
  ['tokn', 'token'],
  ['tokenn', 'token'],
  ['otken', 'token'],
  ['lost', 'list'],
  ['lgoin', 'login'],
  ['refersh', 'refresh'],
  ['lst', 'list'],
  ['x', null],
  ['deploy', null],
  ['', null],
])('nearest() takes %j for %j', (given, meant) => {
  expect(suggest(given, VERBS)).toBe(meant);
});
