import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE } from '../../common/time.ts';
import type { PersonalityName } from '../../tools/homeserver/personality.ts';
import { isAccepted, signInFirst, takeAndUse } from './renewing.ts';
import { accountsOf, resultOf, sessionsOf, signInAs } from './signing-in.ts';
import { Stage } from './stage.ts';
import { openFileVault } from './vault.ts';

const families: readonly PersonalityName[] = ['mas', 'tuwunel', 'continuwuity', 'oidc-provider'];

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyfob-whole-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A token taken by a tool; throws if there is none. */
async function take(stage: Stage, account: string): Promise<string> {
  const wish = { minValidMs: MINUTE, consumer: 'some tool' };
  const handed = await stage.windFor(stage.engine.tokenFor(account, wish));
  if (!handed.ok) throw new Error(`No token: ${handed.failure.code}`);
  return handed.value.accessToken;
}

function labelsOf({ snapshot }: Stage): readonly string[] {
  return snapshot.accounts.map(({ label }) => label);
}

describe.each(families)('at %s', (personality) => {
  test('a session works from sign-in through refresh and restart to a verified sign-out', async () => {
    const vault = await openFileVault(folder);
    const first = await Stage.start({ homeserver: { personality }, vault });
    const { server, clock } = first;
    await signInFirst(first);
    const oldToken = await take(first, 'alice');
    const before = await isAccepted(server, oldToken);
    const renewed = await first.windFor(first.engine.refresh('alice'));
    const newToken = await take(first, 'alice');
    const after = [await isAccepted(server, oldToken), await isAccepted(server, newToken)];
    const checked = await first.windFor(first.engine.check('alice'));
    await first.stop();
    await vault.close();

    const reopened = await openFileVault(folder);
    const second = await Stage.on(server, clock, { vault: reopened });
    const restarted = [accountsOf(second), (await take(second, 'alice')) === newToken];
    const signedOut = await second.windFor(second.engine.signOut('alice'));
    const proof = signedOut.ok ? signedOut.value.proof : signedOut.failure.code;
    const end = [accountsOf(second), sessionsOf(second), await isAccepted(server, newToken)];
    await second.close();
    await reopened.close();
    expect({
      before,
      renewed: renewed.ok,
      after,
      checked: checked.ok && [checked.value.userId, checked.value.deviceGrant],
      restarted,
      proof,
      end,
      records: await readdir(join(folder, 'accounts')),
      refreshes: server.count('refresh'),
    }).toEqual({
      before: 'accepted',
      renewed: true,
      // The certified library keeps the old token valid until it expires.
      after: [personality === 'oidc-provider' ? 'accepted' : 'refused', 'accepted'],
      checked: [first.userId(), true],
      restarted: [['alice active'], true],
      proof: 'refused',
      end: [[], ['ended'], 'refused'],
      records: [],
      refreshes: 1,
    });
  });

  test('two users sign in at the same time, and each gets their own token', async () => {
    const stage = await Stage.start({ homeserver: { personality } });
    const { server } = stage;
    const logins = await Promise.all(
      ['alice', 'bob'].map(async (name) => ({ name, id: await stage.login(stage.userId(name)) })),
    );
    const isWaiting = ({ id }: { id: string }) => stage.loginState(id).step === 'waiting';
    await stage.wind(() => logins.every(isWaiting), 'two codes');
    for (const { name, id } of logins) {
      const state = stage.loginState(id);
      if (state.step === 'waiting') server.approve(state.userCode, name);
    }
    const isDone = ({ id }: { id: string }) => stage.loginState(id).step === 'done';
    await stage.wind(() => logins.every(isDone), 'two sessions');
    await stage.windFor(stage.engine.refresh('alice'));
    const tokens = { alice: await take(stage, 'alice'), bob: await take(stage, 'bob') };
    const owners = server.sessions().map(({ userId, accessToken }) => [userId, accessToken]);
    const uses = [await isAccepted(server, tokens.alice), await isAccepted(server, tokens.bob)];
    await stage.close();
    expect([accountsOf(stage).toSorted(), Object.fromEntries(owners), uses]).toEqual([
      ['alice active', 'bob active'],
      { [stage.userId('alice')]: tokens.alice, [stage.userId('bob')]: tokens.bob },
      ['accepted', 'accepted'],
    ]);
  });

  test('a code can be approved, declined, or left to expire', async () => {
    const ends: string[] = [];
    for (const decision of ['approve', 'deny', 'leave'] as const) {
      const stage = await Stage.start({ homeserver: { personality } });
      if (decision !== 'leave') stage.server.autoApprove('alice', { deny: decision === 'deny' });
      const { login } = resultOf(stage, await signInAs(stage));
      ends.push([login, ...sessionsOf(stage)].join(', '));
      await stage.close();
    }
    // This family never reports a declined sign-in: the code expires.
    const declined = personality === 'continuwuity' ? 'login-expired' : 'login-denied';
    expect(ends).toEqual(['done, alive', `failed ${declined}`, 'failed login-expired']);
  });

  test('a thousand simultaneous requests for an expired token cause one refresh', async () => {
    const stage = await Stage.start({ homeserver: { personality, accessTtlMs: 5 * MINUTE } });
    await signInFirst(stage);
    stage.clock.suspend(6 * MINUTE);
    const asked = Array.from({ length: 1_000 }, (_, n) =>
      stage.engine.tokenFor('alice', { minValidMs: MINUTE, consumer: `tool ${n}` }),
    );
    const handed = await stage.windFor(Promise.all(asked));
    const tokens = new Set(
      handed.map((one) => (one.ok ? one.value.accessToken : one.failure.code)),
    );
    const newest = stage.server.sessions().map(({ accessToken }) => accessToken);
    const refreshes = stage.server.count('refresh');
    await stage.close();
    expect([[...tokens], refreshes]).toEqual([newest, 1]);
  });
});

test('the current token is handed out even if a refresh in progress fails', async () => {
  const stage = await Stage.start();
  await signInFirst(stage);
  stage.server.faults.next('refresh', { respond: { status: 503, body: '' } });
  const renewed = stage.engine.refresh('alice');
  const used = takeAndUse(stage);
  const seen = [(await stage.windFor(renewed)).ok, await used];
  await stage.close();
  expect(seen).toEqual([false, 'accepted']);
});

test('accounts are listed in the order they were added, also after a restart', async () => {
  const vault = await openFileVault(folder);
  const first = await Stage.start({ vault });
  first.server.autoApprove('alice');
  for (const label of ['mike', 'zulu', 'alpha']) {
    await signInAs(first, first.userId(), label);
    await first.pass(1_000);
  }
  first.server.endSessions('alice');
  await first.windFor(first.engine.refresh('mike'));
  const again = await signInAs(first, first.userId(), 'mike');
  const inOrder = [resultOf(first, again).login, ...labelsOf(first)];
  await first.stop();
  const second = await Stage.on(first.server, first.clock, { vault });
  const restarted = labelsOf(second);
  await second.close();
  expect([inOrder, restarted]).toEqual([
    ['done', 'mike', 'zulu', 'alpha'],
    ['mike', 'zulu', 'alpha'],
  ]);
});

test('two accounts of one user have separate sessions', async () => {
  const stage = await Stage.start();
  await signInFirst(stage);
  const second = await signInAs(stage, stage.userId(), 'work');
  const signedOut = await stage.windFor(stage.engine.signOut('alice'));
  const left = [accountsOf(stage), await takeAndUse(stage, 'work'), sessionsOf(stage)];
  await stage.close();
  expect([resultOf(stage, second).login, signedOut.ok, left]).toEqual([
    'done',
    true,
    [['work active'], 'accepted', ['ended', 'alive']],
  ]);
});
