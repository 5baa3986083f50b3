import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errnoOf, systemErrnoOf } from '../../main/util/errno.ts';

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test('errnoOf() returns the code of a system error, and null for every other error', () => {
  const missing = errorOf(() => readFileSync('/no/such/file'));
  const coded = Object.assign(new Error('a library has codes too'), { code: 'ERR_OTHER' });
  expect({ missing: errnoOf(missing), coded: errnoOf(coded), text: errnoOf('ENOENT') }).toEqual({
    missing: 'ENOENT',
    coded: null,
    text: null,
  });
});

test('systemErrnoOf() rethrows what is not a system error', () => {
  const missing = errorOf(() => readFileSync('/no/such/file'));
  const bug = new TypeError('bug');
  expect({
    missing: systemErrnoOf(missing),
    bug: errorOf(() => systemErrnoOf(bug)),
  }).toEqual({ missing: 'ENOENT', bug });
});
