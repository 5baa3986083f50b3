import { afterEach, expect, test } from 'vitest';
import type { AppSnapshot } from '../../common/snapshots.ts';
import { HOUR, MINUTE, SECOND } from '../fixtures/world.ts';
import { EngineWorld, right } from '../fixtures/engine-world.ts';
import { settle, until } from '../fixtures/fake-clock.ts';
import type { HomeserverOptions } from '../../tools/homeserver/homeserver.ts';
import type { PersonalityName } from '../../tools/homeserver/personality.ts';
import { diskFull } from '../fixtures/memory-vault.ts';

const open: EngineWorld[] = [];

async function world(options: HomeserverOptions = {}): Promise<EngineWorld> {
  const opened = await EngineWorld.open(options);
  open.push(opened);
  return opened;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((opened) => opened.close()));
});

const families: PersonalityName[] = ['mas', 'tuwunel', 'continuwuity', 'oidc-provider'];

test.each(families)(
  'Engine handles a session at %s from sign-in to verified sign-out',
  async (personality) => {
    const here = await world({ personality });
    expect(await lifeIn(here)).toEqual({
      label: 'alice',
      userId: '@alice:example.org',
      statuses: [200, 200, 401],
      isNew: true,
      tokens: 1,
      refreshes: 1,
      proof: 'refused',
      alive: 0,
    });
    const { engine, server, clock, vault, snapshots, logged } = here;
    const told = JSON.stringify([
      snapshots,
      await engine.snapshot(),
      await engine.handOuts(),
      logged,
    ]);
    const leaked = server.issuedSecrets().filter((secret) => told.includes(secret));
    const bugs = logged.filter(({ level }) => level === 'bug');
    expect([leaked, bugs, vault.records.size, clock.sleepers]).toEqual([[], [], 0, 0]);
  },
);

/** Sign-in, token, one refresh for a thousand callers at expiry, sign-out. */
async function lifeIn(here: EngineWorld): Promise<Record<string, unknown>> {
  const { engine, server, clock } = here;
  const label = await here.signIn();
  const first = await here.token(label);
  const statuses = [await here.whoami(first)];
  clock.suspend(5 * MINUTE);
  const callers = Array.from({ length: 1_000 }, (_, n) => here.token(label, `tool ${n}`));
  const handed = await Promise.all(callers);
  const [second = first] = handed;
  statuses.push(await here.whoami(second));
  const { proof } = right(await engine.signOut(label));
  statuses.push(await here.whoami(second));
  return {
    label,
    userId: first.userId,
    statuses,
    isNew: second.accessToken !== first.accessToken,
    tokens: new Set(handed.map(({ accessToken }) => accessToken)).size,
    refreshes: server.count('refresh'),
    proof,
    alive: server.sessions().filter(({ alive }) => alive).length,
  };
}

test('Engine continues after a restart without a new sign-in, and sends no request before one is due', async () => {
  const here = await world();
  const label = await here.signIn();
  const before = here.server.requests.length;
  await here.restart();
  await settle();
  const asked = here.server.requests.length - before;
  const status = await here.whoami(await here.token(label));
  expect([asked, status, here.server.count('refresh')]).toEqual([0, 200, 0]);
});

test('Engine survives a lost response to a refresh: it sends the same token again at once', async () => {
  const here = await world();
  const label = await here.signIn();
  here.clock.suspend(5 * MINUTE);
  here.server.faults.next('refresh', { drop: 'after' });
  const status = await here.whoami(await here.token(label));
  const sent = here.server.requests.filter(({ step }) => step === 'refresh');
  expect([status, new Set(sent.map(({ form }) => form.refresh_token)).size, sent.length]).toEqual([
    200, 1, 2,
  ]);
});

test('Engine that was killed before the response to a refresh arrived starts with that refresh', async () => {
  const here = await world();
  const label = await here.signIn();
  here.clock.suspend(5 * MINUTE);
  here.server.faults.always('refresh', { drop: 'after' });
  const lost = await here.engine.tokenFor(label, { minValidMs: MINUTE, consumer: 'curl' });
  await here.restart();
  here.server.faults.clear();
  await here.clock.advance(0);
  await until(() => here.latest?.accounts[0]?.state.kind === 'active', 'a refresh');
  const status = await here.whoami(await here.token(label));
  expect([lost.ok, status]).toEqual([false, 200]);
});

test('Engine keeps the session when the disk is full in the middle of a refresh', async () => {
  const here = await world();
  const label = await here.signIn();
  here.clock.suspend(5 * MINUTE);
  here.server.faults.next('refresh', { delayMs: 50 });
  const refused = here.engine.tokenFor(label, { minValidMs: MINUTE, consumer: 'curl' });
  await until(() => here.server.count('refresh') === 1, 'the request');
  here.vault.failure = diskFull;
  const first = await refused;
  here.vault.failure = null;
  const status = await here.whoami(await here.token(label));
  expect([first, status, here.server.count('refresh')]).toEqual([
    { ok: false, failure: diskFull },
    200,
    1,
  ]);
});

test('Engine reports pending while Synapse accepts the revoked token, and finishes on its own', async () => {
  const here = await world({ introspectionCacheMs: 2 * MINUTE });
  const label = await here.signIn();
  await here.whoami(await here.token(label));
  const { proof } = right(await here.engine.signOut(label));
  const pending = (await here.engine.snapshot()).accounts.map(({ state }) => state.kind);
  while (here.vault.records.size > 0) {
    const asked = here.server.count('whoami');
    await here.clock.advance((here.clock.nextWake ?? Number.NaN) - here.clock.monotonicNow());
    await until(() => here.server.count('whoami') > asked, 'another look');
    await until(() => here.clock.sleepers > 0 || here.vault.records.size === 0, 'a plan');
  }
  expect([proof, pending, here.vault.records.size, here.server.count('revocation')]).toEqual([
    'pending',
    ['signing-out'],
    0,
    1,
  ]);
});

test('Engine detects a locked account and does not refresh in a loop', async () => {
  const here = await world();
  const label = await here.signIn();
  here.server.lockUser('alice', true);
  const checks = [await here.engine.check(label), await here.engine.check(label)];
  const refused = await here.engine.tokenFor(label, { minValidMs: 0, consumer: 'curl' });
  here.server.lockUser('alice', false);
  const unlocked = await here.engine.check(label);
  const locked = { ok: false, failure: { code: 'account-locked' } };
  expect([checks, refused, unlocked.ok, here.server.count('refresh')]).toEqual([
    [locked, locked],
    locked,
    true,
    1,
  ]);
});

test('Engine detects the lock although a tool keeps requesting a refresh of its rejected token', async () => {
  const here = await world();
  const label = await here.signIn();
  here.server.lockUser('alice', true);
  const given: string[] = [];
  for (let second = 0; second < 200; second += 1) {
    const renewed = await here.engine.refresh(label);
    given.push(renewed.ok ? 'new token' : renewed.failure.code);
    await here.clock.advance(SECOND);
  }
  const locked = (await here.engine.snapshot()).accounts[0]?.state.kind;
  here.server.lockUser('alice', false);
  await here.clock.advance(MINUTE - 15 * SECOND);
  const unlocked = await here.engine.refresh(label);
  expect([
    given[0],
    [...new Set(given.slice(1))],
    locked,
    unlocked.ok,
    here.server.count('refresh'),
  ]).toEqual(['new token', ['account-locked'], 'locked', true, 3]);
});

test('Engine pushes the current snapshot first, the changes of one tick once, and nothing after the end', async () => {
  const here = await world();
  const label = await here.signIn();
  const seen: AppSnapshot[] = [];
  const leave = here.engine.subscribe((snapshot) => seen.push(snapshot));
  const atOnce = seen.length;
  await settle();
  await Promise.all(['a', 'b', 'c'].map((consumer) => here.token(label, consumer)));
  leave();
  await here.token(label, 'd');
  const holders = seen.map(({ accounts: [account] }) =>
    account?.state.kind === 'active' ? account.state.heldBy.length : null,
  );
  expect({ atOnce, holders }).toEqual({ atOnce: 0, holders: [0, 3] });
  const revisions = here.snapshots.map(({ revision }) => revision);
  expect(revisions).toEqual([...new Set(revisions)].sort((one, other) => one - other));
});

test('Engine.handOuts() lists each hand-out with its expiry, newest last, and no failed request', async () => {
  const here = await world();
  const label = await here.signIn('work');
  const at = here.clock.now();
  await here.token(label, 'Postman');
  await here.engine.tokenFor('nobody', { minValidMs: 0, consumer: 'thief' });
  await here.token('@alice:example.org', 'script');
  const line = { at, label: 'work', userId: '@alice:example.org', untilAt: at + 5 * MINUTE };
  expect(await here.engine.handOuts()).toEqual([
    { ...line, consumer: 'Postman' },
    { ...line, consumer: 'script' },
  ]);
});

test('Engine.handOuts() keeps the last thousand', async () => {
  const here = await world();
  const label = await here.signIn();
  for (let n = 0; n < 1_002; n += 1) await here.token(label, `tool ${n}`);
  const consumers = (await here.engine.handOuts()).map(({ consumer }) => consumer);
  expect([consumers.length, consumers[0], consumers.at(-1)]).toEqual([
    1_000,
    'tool 2',
    'tool 1001',
  ]);
});

test("Engine.start() fails with the vault's failure, and shows its warnings", async () => {
  const here = await world();
  here.vault.failure = { code: 'vault-locked' };
  const locked = await here.engine.start();
  here.vault.failure = null;
  here.vault.warnings = [{ code: 'not-protected' }];
  await here.restart();
  const { protection, warnings } = (await here.engine.snapshot()).vault;
  expect([locked, protection, warnings.map(({ code }) => code)]).toEqual([
    { ok: false, failure: { code: 'vault-locked' } },
    'none',
    ['not-protected'],
  ]);
});

test('Engine.signOut() reports that there was no session left to end', async () => {
  const here = await world();
  const label = await here.signIn();
  here.server.endSessions('alice');
  const refreshed = await here.engine.refresh(label);
  const report = right(await here.engine.signOut(label));
  const unknown = await here.engine.signOut(label);
  expect([
    !refreshed.ok && refreshed.failure.code,
    report.proof,
    report.accountPage !== null,
    unknown,
  ]).toEqual([
    'session-ended',
    'already-signed-out',
    true,
    { ok: false, failure: { code: 'account-unknown', account: 'alice', labels: [] } },
  ]);
});

test('Engine.stop() cancels a login, revokes nothing that was never issued, and leaves no timer', async () => {
  const here = await world();
  here.server.autoApprove(null);
  right(await here.engine.startLogin({ server: here.server.baseUrl, label: null, client: null }));
  await until(() => here.latest?.logins[0]?.state.step === 'waiting');
  await here.engine.stop();
  await here.clock.advance(HOUR);
  const step = (await here.engine.snapshot()).logins[0]?.state.step;
  expect([step, here.clock.sleepers, here.server.count('token')]).toEqual(['cancelled', 0, 0]);
});

test('Engine.signOut() deletes the tokens of an unreachable server only with `forget`', async () => {
  const here = await world();
  const label = await here.signIn();
  here.server.faults.always('revocation', { drop: 'before' });
  const queued = right(await here.engine.signOut(label));
  const kept = here.vault.records.size;
  const forgotten = right(await here.engine.signOut(label, true));
  expect([queued.proof, kept, forgotten.proof, here.vault.records.size]).toEqual([
    'queued',
    1,
    'unconfirmed',
    0,
  ]);
});

test('Engine.signOut() with `forget` deletes an account whose revocation is confirmed but cannot be verified', async () => {
  const here = await world();
  const label = await here.signIn();
  here.server.faults.always('whoami', { drop: 'before' });
  const pending = right(await here.engine.signOut(label));
  const kept = here.vault.records.size;
  const forgotten = right(await here.engine.signOut(label, true));
  expect([pending.proof, kept, forgotten.proof, here.vault.records.size]).toEqual([
    'pending',
    1,
    'pending',
    0,
  ]);
});
