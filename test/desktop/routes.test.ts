import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Requests } from '../../preload/contract.ts';
import { NOW, TOKEN } from '../fixtures/fake-engine.ts';
import { makeDesktop } from './make-desktop.ts';

test('account:copy copies the token and replies only with its expiry', async () => {
  const { ask, board, desktop } = makeDesktop();
  const reply = await ask('account:copy', 'id-alice', 'header');
  expect([reply, board(), desktop.snapshot().shell.copied]).toEqual([
    { ok: true, value: { untilAt: NOW + 252_000 } },
    `Authorization: Bearer ${TOKEN}`,
    { what: 'token for alice', clearsAt: NOW + 30_000 },
  ]);
  expect(JSON.stringify([reply, desktop.snapshot()])).not.toContain(TOKEN);
});

test('account:forget gives up on an unreachable server, and says that the session may stay active', async () => {
  const { ask, engine } = makeDesktop();
  engine.proof = 'unconfirmed';
  expect([await ask('account:forget', 'id-alice'), engine.calls]).toEqual([
    {
      ok: true,
      value: {
        proof:
          'Forgotten here, but the server did not end the session. End it on the account page.',
        isOver: false,
      },
    },
    [['signOut', 'alice', 'forget']],
  ]);
});

test.each([
  [60_000, 'in sync with the server'],
  [121_000, "2 min 1 s behind the server: set this computer's clock"],
])('account:check says of a clock that is off by %i ms what the CLI says', async (ms, words) => {
  const { ask, engine } = makeDesktop();
  engine.clockSkewMs = ms;
  expect(await ask('account:check', 'id-alice')).toEqual({
    ok: true,
    value: expect.arrayContaining([['Clock', words]]) as unknown,
  });
});

test('login:open-link copies the code and opens the page that the engine offers', async () => {
  const { acts, ask, board } = makeDesktop();
  expect([await ask('login:open-link', 'l1'), board(), acts]).toEqual([
    { ok: true, value: null },
    '7XK0QB',
    [['open', 'https://auth.example.org/link']],
  ]);
});

test('login:open-link reports when no browser opens, and when the login has ended', async () => {
  const { ask, engine } = makeDesktop({ openExternal: () => Promise.reject(new Error('none')) });
  const noBrowser = await ask('login:open-link', 'l1');
  engine.logins = [];
  engine.changed();
  const over = await ask('login:open-link', 'l1');
  expect([noBrowser, over].map((reply) => !reply.ok && reply.failure.code)).toEqual([
    'browser-failed',
    'login-over',
  ]);
});

test('settings:change stores, applies and reports; if start at login fails, nothing changes', async () => {
  const { acts, ask, kept } = makeDesktop();
  await ask('settings:change', { theme: 'dark', startAtLogin: true });
  const refused = makeDesktop({ autostart: () => Promise.resolve(false) });
  const reply = await refused.ask('settings:change', { startAtLogin: true });
  expect([acts, kept(), reply.ok, refused.desktop.settings.startAtLogin]).toEqual([
    [
      ['autostart', true],
      ['theme', 'dark'],
    ],
    {
      settings: {
        startAtLogin: true,
        startHidden: false,
        keepFresh: true,
        clipboardMs: 30_000,
        notifications: true,
        theme: 'dark',
      },
      dismissed: [],
    },
    false,
    false,
  ]);
});

test('the notice about a missing tray is shown until it is dismissed, and then never again', async () => {
  const { ask, desktop, kept } = makeDesktop({}, false);
  const before = desktop.snapshot().shell.notices.map(({ code }) => code);
  await ask('notice:dismiss', 'no-tray');
  expect([before, desktop.snapshot().shell.notices, kept()]).toMatchObject([
    ['no-tray'],
    [],
    { dismissed: ['no-tray'] },
  ]);
});

test('only a known notice can be dismissed: nothing else is stored', async () => {
  const { ask, kept } = makeDesktop();
  const codes = ['', 'x'.repeat(2_048), '__proto__', 'constructor', 'id-alice'];
  const replies = await Promise.all(codes.map((code) => ask('notice:dismiss', code)));
  expect([replies.map((reply) => !reply.ok && reply.failure.code), kept()]).toEqual([
    codes.map(() => 'notice-unknown'),
    {},
  ]);
});

test('an unavailable clipboard is reported, and no token is lost', async () => {
  const clipboard = {
    write: () => Promise.reject(new Error('no')),
    readText: () => Promise.resolve(''),
    clear: () => Promise.resolve(),
  };
  const { ask } = makeDesktop({ clipboard });
  const reply = await ask('account:copy', 'id-alice', 'token');
  expect(reply).toMatchObject({ ok: false, failure: { code: 'clipboard-unavailable' } });
});

test('every request refuses arguments that do not match the contract', async () => {
  const { ask, table } = makeDesktop();
  const channels = Object.keys(table) as (keyof Requests)[]; // all of them, by its type
  const wrong = [[{}], [1, 2, 3, 4], ['x'.repeat(3_000)], [null], [['id']]];
  const outcomes = await Promise.all(
    channels.flatMap((channel) =>
      wrong.map((args) =>
        ask(channel, ...args).then(() => `${channel} ${JSON.stringify(args)}`, String),
      ),
    ),
  );
  // Only an empty change and an empty client match the contract.
  expect(
    outcomes.filter((outcome) => !/^TypeError: [\w:-]+: arguments refused$/.test(outcome)),
  ).toEqual(['client:check [{}]', 'settings:change [{}]']);
});

test('no arguments make a request fail in another way', async () => {
  const { ask, table } = makeDesktop();
  const channels = Object.keys(table) as (keyof Requests)[]; // all of them, by its type
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...channels),
      fc.array(fc.anything()),
      async (channel, args) => {
        const outcome = await ask(channel, ...args).then(() => 'ok', String);
        return outcome === 'ok' || outcome.startsWith('TypeError: ');
      },
    ),
    { numRuns: 10_000 },
  );
});
