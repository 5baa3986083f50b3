import { expect, test } from 'vitest';
import type { ManagedAccount } from '../../../main/accounts/managed-account.ts';
import { endSession } from '../../../main/accounts/sign-out/sign-out.ts';
import { json, raw } from '../../protocol/http/scripted-network.ts';
import type { BareState, World, Script } from '../../fixtures/world.ts';
import {
  account,
  afterSending,
  makeWorld,
  formOf,
  itIsAlice,
  manage,
  lostAnswer,
  MINUTE,
  newTokens,
  oauthError,
  offline,
  SECOND,
  session,
  stateOf,
  tokens,
  unknownToken,
} from '../../fixtures/world.ts';

const ending = {
  kind: 'signing-out',
  tokens: tokens(0),
  since: Date.UTC(2026, 0, 1),
  revokedAt: null,
  waiting: null,
} as const satisfies BareState;

/** An account about to sign out, with these responses. */
function arrange(
  script: Script,
  { state = ending, sentAt = null }: { state?: BareState; sentAt?: number | null } = {},
): { world: World; managed: ManagedAccount } {
  const world = makeWorld(script);
  const held = account(state);
  return { world, managed: manage(world, sentAt === null ? held : afterSending(held, sentAt)) };
}

const revoked = raw('', 200);
const steps = (world: World) => world.asked.map(({ step }) => step);

test('endSession() revokes the refresh token, and is done when the access token is refused', async () => {
  const { world, managed } = arrange({ revocation: [revoked], whoami: [unknownToken] });
  const end = await endSession(managed, world.deps);
  expect([end, formOf(world.asked[0]), world.journal]).toEqual([
    'refused',
    { token: 'R0', token_type_hint: 'refresh_token', client_id: 'client+/=1' },
    ['ask revocation', 'saved signing-out A0 R0, revoked', 'ask whoami'],
  ]);
});

test('endSession() reports a session that had already ended as revoked', async () => {
  const { world, managed } = arrange({
    revocation: [oauthError('invalid_grant')],
    whoami: [unknownToken],
  });
  expect(await endSession(managed, world.deps)).toBe('refused');
});

test('endSession() is pending while the homeserver still accepts the token, and repeats only that check', async () => {
  const { world, managed } = arrange({ revocation: [revoked], whoami: [itIsAlice, unknownToken] });
  const first = await endSession(managed, world.deps);
  const between = stateOf(managed);
  await world.clock.advance(SECOND);
  const second = await endSession(managed, world.deps);
  expect([first, between, second, steps(world)]).toEqual([
    'pending',
    {
      kind: 'signing-out',
      tokens: 'A0 R0',
      since: Date.UTC(2026, 0, 1),
      revokedAt: Date.UTC(2026, 0, 1),
      waiting: {
        attempt: 1,
        retryAt: SECOND,
        failure: { code: 'revocation-unconfirmed', host: 'matrix.example.org' },
      },
    },
    'refused',
    ['revocation', 'whoami', 'whoami'],
  ]);
});

test('endSession() revokes again if the token is still accepted after every cache has expired', async () => {
  const { world, managed } = arrange({
    revocation: [revoked, revoked],
    whoami: [itIsAlice, itIsAlice, unknownToken],
  });
  const ends = [await endSession(managed, world.deps)];
  await world.clock.advance(151 * SECOND);
  ends.push(await endSession(managed, world.deps), await endSession(managed, world.deps));
  expect([ends, steps(world)]).toEqual([
    ['pending', 'pending', 'refused'],
    ['revocation', 'whoami', 'whoami', 'revocation', 'whoami'],
  ]);
});

test('endSession() is queued while the server is unreachable, and waits longer each time', async () => {
  const { world, managed } = arrange({ revocation: offline });
  const ends: unknown[] = [];
  for (let n = 0; n < 3; n += 1) {
    const before = world.clock.monotonicNow();
    ends.push([await endSession(managed, world.deps), (managed.nextActionAt() ?? 0) - before]);
    await world.clock.advance(10 * SECOND);
  }
  expect(ends).toEqual([
    ['queued', SECOND],
    ['queued', 2 * SECOND],
    ['queued', 4 * SECOND],
  ]);
});

test('endSession() is unconfirmed when the server refuses, or has no endpoint, and the token still works', async () => {
  const refused = arrange({ revocation: [oauthError('invalid_client', 401)], whoami: [itIsAlice] });
  const server = { ...session().server, revocationEndpoint: null };
  const world = makeWorld({ whoami: [itIsAlice] });
  const unsupported = manage(world, account(ending, { session: session({ server }) }));
  expect([
    await endSession(refused.managed, refused.world.deps),
    await endSession(unsupported, world.deps),
  ]).toEqual(['unconfirmed', 'unconfirmed']);
});

test('endSession() refreshes first if a response was lost, and revokes the newest token', async () => {
  const { world, managed } = arrange(
    { refresh: [newTokens(1)], revocation: [revoked], whoami: [unknownToken] },
    { sentAt: 1 },
  );
  const end = await endSession(managed, world.deps);
  expect([end, steps(world), formOf(world.asked[1]).token]).toEqual([
    'refused',
    ['refresh', 'revocation', 'whoami'],
    'R1',
  ]);
});

test('endSession() is queued while a lost response cannot be recovered', async () => {
  const { world, managed } = arrange({ refresh: lostAnswer }, { sentAt: 1 });
  expect([await endSession(managed, world.deps), managed.nextActionAt(), steps(world)]).toEqual([
    'queued',
    SECOND,
    ['refresh', 'refresh'],
  ]);
});

test('endSession() claims no proof if the newest tokens are lost for good', async () => {
  const ends: unknown[] = [];
  for (const error of ['invalid_grant', 'invalid_client']) {
    const { world, managed } = arrange({ refresh: oauthError(error) }, { sentAt: 1 });
    ends.push([await endSession(managed, world.deps), steps(world)]);
  }
  expect(ends).toEqual([
    ['unconfirmed', ['refresh']],
    ['unconfirmed', ['refresh']],
  ]);
});

const old: BareState = { ...ending, tokens: tokens(0, { expires: -MINUTE }) };

test('endSession() verifies the end of a session with an expired token by its refresh token', async () => {
  const proofs: unknown[] = [];
  for (const error of ['invalid_grant', 'invalid_client']) {
    const script = { revocation: [revoked], refresh: [oauthError(error)] };
    const { world, managed } = arrange(script, { state: old });
    proofs.push([await endSession(managed, world.deps), steps(world)]);
  }
  expect(proofs).toEqual([
    ['refused', ['revocation', 'refresh']],
    ['refused', ['revocation', 'refresh']],
  ]);
});

test('endSession() revokes the tokens that the check returned if the refresh token still worked', async () => {
  const { world, managed } = arrange(
    { revocation: [revoked, revoked], refresh: [newTokens(1)], whoami: [unknownToken] },
    { state: old },
  );
  const ends = [await endSession(managed, world.deps), await endSession(managed, world.deps)];
  const tokensRevoked = world.asked
    .filter(({ step }) => step === 'revocation')
    .map((asked) => formOf(asked).token);
  expect([ends, tokensRevoked]).toEqual([
    ['pending', 'refused'],
    ['R0', 'R1'],
  ]);
});

test('endSession() waits for a refresh in progress', async () => {
  const { world, managed } = arrange({
    refresh: [newTokens(1)],
    revocation: [revoked],
    whoami: [unknownToken],
  });
  const refreshed = managed.refresh();
  const end = await endSession(managed, world.deps);
  expect([(await refreshed).ok, end, formOf(world.asked[1]).token]).toEqual([
    true,
    'refused',
    'R1',
  ]);
});

test('endSession() draws no conclusion if the server cannot answer whoami', async () => {
  const { world, managed } = arrange({
    revocation: [revoked],
    whoami: [raw('', 503), json({ errcode: 'M_UNKNOWN_TOKEN' }, 401)],
  });
  expect([await endSession(managed, world.deps), await endSession(managed, world.deps)]).toEqual([
    'pending',
    'refused',
  ]);
});
