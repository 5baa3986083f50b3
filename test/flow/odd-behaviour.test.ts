import { describe, expect, test } from 'vitest';
import { oddBehaviours } from '../../tools/homeserver/odd/odd-behaviour.ts';
import { discoveryRows } from './odd/discovery.ts';
import { pollingRows } from './odd/polling.ts';
import { refreshRows } from './odd/refresh.ts';
import { registrationRows } from './odd/registration.ts';
import { signOutRows } from './odd/sign-out.ts';
import { tokenRows } from './odd/tokens.ts';
import { transportRows } from './odd/transport.ts';
import { liveThrough } from './row.ts';

const themes = {
  discovery: discoveryRows,
  'registration and code': registrationRows,
  polling: pollingRows,
  'tokens and whoami': tokenRows,
  refresh: refreshRows,
  'sign-out': signOutRows,
  transport: transportRows,
};

describe.each(Object.entries(themes))('%s', (_theme, rows) => {
  test.each(rows)('$name', async (row) => {
    expect(await liveThrough(row)).toEqual(row.expects);
  });
});

test('every row of the table and every entry of the catalogue is covered', () => {
  const lived = new Set(Object.values(themes).flatMap((rows) => rows.map(({ name }) => name)));
  const left = oddBehaviours.filter(({ name }) => !lived.has(name));
  const rows = new Set(oddBehaviours.map(({ row }) => row));
  const table = Array.from({ length: 58 }, (_, index) => index + 1);
  expect({ left, missing: table.filter((row) => !rows.has(row)) }).toEqual({
    left: [],
    missing: [],
  });
});
