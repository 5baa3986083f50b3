import { expect, test } from 'vitest';
import { checkAccount } from '../../main/accounts/check.ts';
import { json, raw } from '../protocol/http/scripted-network.ts';
import {
  account,
  makeWorld,
  counts,
  manage,
  newTokens,
  stateOf,
  unknownToken,
} from '../fixtures/world.ts';
import { metadata } from '../fixtures/sign-in-world.ts';

const dated = json({ user_id: '@alice:example.org', device_id: 'DEVICE0001' }, 200, {
  date: 'Thu, 01 Jan 2026 00:02:00 GMT',
});

test('checkAccount() reports the user, what the server offers, and a wrong clock', async () => {
  const world = makeWorld({
    whoami: [dated],
    versions: [json({ versions: ['v1.12'] })],
    'auth-metadata': [json(metadata)],
  });
  expect(await checkAccount(manage(world), world.deps)).toEqual({
    ok: true,
    value: {
      userId: '@alice:example.org',
      deviceId: 'DEVICE0001',
      versions: ['v1.12'],
      deviceGrant: true,
      clockSkewMs: 120_000,
    },
  });
});

test('checkAccount() reports what the server does not answer as not offered', async () => {
  const world = makeWorld({
    whoami: [json({ user_id: '@alice:example.org' })],
    versions: [raw('', 500)],
    'auth-metadata': raw('', 404),
    'login-flows': raw('', 404),
  });
  expect(await checkAccount(manage(world), world.deps)).toEqual({
    ok: true,
    value: {
      userId: '@alice:example.org',
      deviceId: null,
      versions: [],
      deviceGrant: false,
      clockSkewMs: null,
    },
  });
});

test('checkAccount() detects a locked account with one refresh, however often it is called', async () => {
  const world = makeWorld({ whoami: unknownToken, refresh: [newTokens(1)] });
  const managed = manage(world);
  const answers = [];
  for (let n = 0; n < 5; n += 1) answers.push(await checkAccount(managed, world.deps));
  const locked = { ok: false, failure: { code: 'account-locked' } };
  expect([answers, stateOf(managed).kind, counts(world.asked)]).toEqual([
    [locked, locked, locked, locked, locked],
    'locked',
    { whoami: 6, refresh: 1 },
  ]);
});

test('checkAccount() sends nothing for a signed-out account', async () => {
  const world = makeWorld();
  const managed = manage(world, account({ kind: 'signed-out', why: 'by-user' }));
  expect([await checkAccount(managed, world.deps), world.asked]).toEqual([
    { ok: false, failure: { code: 'signed-out', account: 'alice' } },
    [],
  ]);
});
