import { expect, test } from 'vitest';
import type { PollProgress } from '../../../main/accounts/login/poll-for-tokens.ts';
import { pollForTokens } from '../../../main/accounts/login/poll-for-tokens.ts';
import { settle } from '../../fixtures/fake-clock.ts';
import { json, raw } from '../../protocol/http/scripted-network.ts';
import type { Answer } from '../../protocol/http/scripted-network.ts';
import {
  makeWorld,
  gated,
  HOUR,
  MINUTE,
  newTokens,
  oauthError,
  offline,
  SECOND,
} from '../../fixtures/world.ts';
import { askedCode } from '../../fixtures/sign-in-world.ts';

const pending = oauthError('authorization_pending', 403);

/** Polls with these responses; `polledAt` in seconds on the clock. */
function arrange(answers: readonly Answer[] | Answer, code = askedCode()) {
  const polledAt: number[] = [];
  const timed = (answer: Answer): Answer => {
    return (asked) => {
      polledAt.push(world.clock.monotonicNow() / SECOND);
      return answer(asked);
    };
  };
  const token = typeof answers === 'function' ? timed(answers) : answers.map(timed);
  const world = makeWorld({ token });
  const giveUp = new AbortController();
  const progress: PollProgress[] = [];
  const orphans: string[] = [];
  const { server, client, grant, deadline } = code;
  const waited = pollForTokens(
    { server, clientId: client.clientId, grant, deadline },
    world.deps,
    giveUp.signal,
    (now) => progress.push(now),
    async (late) => {
      await settle();
      orphans.push(late.accessToken.reveal());
    },
  );
  return { ...world, waited, giveUp, progress, orphans, polledAt };
}

test('pollForTokens() waits one interval before every poll, including the first', async () => {
  const { clock, waited, polledAt } = arrange([pending, pending, newTokens(1)]);
  await clock.advance(MINUTE);
  const granted = await waited;
  expect([polledAt, granted.ok && granted.value.sent, clock.sleepers]).toEqual([
    [5, 10, 15],
    {
      at: Date.UTC(2026, 0, 1) + 15 * SECOND,
      monotonic: 15 * SECOND,
      uptime: { boot: 'boot 1', ms: 15 * SECOND },
    },
    0,
  ]);
});

test('pollForTokens() waits five seconds longer after slow_down, for good', async () => {
  const slow = oauthError('slow_down');
  const { clock, waited, polledAt } = arrange([
    pending,
    slow,
    pending,
    slow,
    pending,
    newTokens(1),
  ]);
  await clock.advance(2 * MINUTE);
  expect([polledAt, (await waited).ok]).toEqual([[5, 10, 20, 30, 45, 60], true]);
});

test('pollForTokens() counts the interval from the end of the previous poll', async () => {
  const slow = gated(pending);
  const { clock, waited, polledAt } = arrange([slow.answer, newTokens(1)]);
  await clock.advance(7 * SECOND);
  slow.open();
  await clock.advance(MINUTE);
  expect([polledAt, (await waited).ok]).toEqual([[5, 12], true]);
});

test('pollForTokens() backs off while the server is unreachable, and recovers', async () => {
  const { clock, waited, polledAt, progress } = arrange([
    offline,
    raw('<html>', 502),
    pending,
    newTokens(1),
  ]);
  await clock.advance(2 * MINUTE);
  expect([polledAt, progress.map(({ note }) => note), (await waited).ok]).toEqual([
    [5, 15, 35, 40],
    ['waiting', 'unreachable', 'unreachable', 'waiting'],
    true,
  ]);
});

test('pollForTokens() reports its progress', async () => {
  const { clock, waited, progress } = arrange([pending, oauthError('slow_down'), newTokens(1)]);
  await clock.advance(MINUTE);
  await waited;
  expect(progress).toEqual([
    { note: 'waiting', polls: 0, next: 5 * SECOND },
    { note: 'waiting', polls: 1, next: 10 * SECOND },
    { note: 'slowed-down', polls: 2, next: 20 * SECOND },
  ]);
});

test('pollForTokens() polls one last time just before the code expires', async () => {
  const { clock, waited, polledAt } = arrange(pending, askedCode(23 * SECOND));
  await clock.advance(MINUTE);
  expect([await waited, polledAt, clock.sleepers]).toEqual([
    { ok: false, failure: { code: 'login-expired' } },
    [5, 10, 15, 20, 22],
    0,
  ]);
});

test('pollForTokens() accepts tokens from the last poll', async () => {
  const { clock, waited } = arrange([pending, newTokens(1)], askedCode(8 * SECOND));
  await clock.advance(MINUTE);
  expect((await waited).ok).toBe(true);
});

test('pollForTokens() stops when the code expires, whatever wait the server asks for', async () => {
  const later = json({ error: 'slow_down' }, 429, { 'retry-after': '999999' });
  const { clock, waited, polledAt } = arrange([later, pending], askedCode(MINUTE));
  await clock.advance(HOUR);
  expect([(await waited).ok, polledAt]).toEqual([false, [5, 59]]);
});

test('pollForTokens() polls exactly once more if the machine slept past the deadline', async () => {
  const { clock, waited, polledAt } = arrange(pending, askedCode(MINUTE));
  clock.suspend(HOUR);
  await clock.advance(MINUTE);
  expect([await waited, polledAt]).toEqual([
    { ok: false, failure: { code: 'login-expired' } },
    [3600],
  ]);
});

test('pollForTokens() ends with the reason from the server', async () => {
  const failures: unknown[] = [];
  for (const error of ['access_denied', 'expired_token', 'invalid_grant', 'invalid_scope']) {
    const { clock, waited } = arrange([pending, oauthError(error)]);
    await clock.advance(MINUTE);
    failures.push(await waited);
  }
  const ends = [
    { code: 'login-denied' },
    { code: 'login-expired' },
    { code: 'login-code-invalid', maybeSignedIn: false },
    { code: 'login-refused', error: 'invalid_scope', description: null },
  ];
  expect(failures).toEqual(ends.map((failure) => ({ ok: false, failure })));
});

test('pollForTokens() ends at once when aborted between two polls, and leaves no timer', async () => {
  const { clock, waited, giveUp, polledAt } = arrange(pending);
  const ended = expect(waited).rejects.toThrow('enough');
  await clock.advance(7 * SECOND);
  giveUp.abort(new Error('enough'));
  await ended;
  expect([clock.sleepers, polledAt]).toEqual([0, [5]]);
});

test('pollForTokens() does not abort a poll in progress, and waits until tokens it still returns are revoked', async () => {
  const slow = gated(newTokens(1));
  const { clock, waited, giveUp, orphans } = arrange([slow.answer]);
  const ended = waited.catch(() => [...orphans]);
  await clock.advance(5 * SECOND);
  giveUp.abort(new Error('enough'));
  const cut = await Promise.race([ended, settle().then(() => 'still waiting')]);
  slow.open();
  expect([cut, await ended]).toEqual(['still waiting', ['A1']]);
});

test('pollForTokens() warns that a session may exist if a response was lost', async () => {
  const { clock, waited } = arrange([raw('<html>', 502), oauthError('invalid_grant')]);
  await clock.advance(MINUTE);
  expect(await waited).toEqual({
    ok: false,
    failure: { code: 'login-code-invalid', maybeSignedIn: true },
  });
});
