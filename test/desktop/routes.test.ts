import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Requests, SettingsSnapshot } from '../../preload/contract.ts';
import { Desktop } from '../../main/desktop/desktop.ts';
import type { DesktopPorts } from '../../main/desktop/desktop.ts';
import { answerRequest, perform, routes } from '../../main/desktop/routes.ts';
import { Exchanges } from '../../main/inspector/exchanges.ts';
import { FakeClock } from '../fake-clock.ts';
import { accountOf, FakeKeyring, NOW, TOKEN, waitingState } from '../handout/fake-keyring.ts';

function arrange(changes: Partial<DesktopPorts> = {}, tray = true) {
  const keyring = new FakeKeyring();
  keyring.accounts = [accountOf('alice')];
  const login = { id: 'l1', typed: 'example.org', label: null, state: waitingState() };
  keyring.logins = [login];
  const acts: unknown[] = [];
  let board = '';
  let kept: unknown = {};
  const ports: DesktopPorts = {
    clock: new FakeClock(NOW),
    clipboard: {
      write: (text) => {
        board = text;
        return Promise.resolve();
      },
      readText: () => Promise.resolve(board),
      clear: () => {
        board = '';
        return Promise.resolve();
      },
    },
    settings: { read: () => kept, write: (next) => (kept = next) },
    openExternal: (url) => {
      acts.push(['open', url]);
      return Promise.resolve();
    },
    autostart: ({ startAtLogin }: SettingsSnapshot) => {
      acts.push(['autostart', startAtLogin]);
      return Promise.resolve(true);
    },
    applySettings: ({ theme }) => acts.push(['theme', theme]),
    showWindow: (view) => acts.push(['show', view]),
    hideWindow: () => acts.push(['hide']),
    quit: () => acts.push(['quit']),
    ...changes,
  };
  const facts = {
    version: '0.1.0',
    platform: 'linux',
    keyStorage: 'KWallet',
    tray,
    canStartAtLogin: true,
    socket: '/run/agent.sock',
  } as const;
  const desktop = new Desktop(keyring, new Exchanges(), ports, facts);
  const table = routes(desktop);
  const ask = <C extends keyof Requests>(channel: C, ...args: unknown[]) =>
    answerRequest(channel, table[channel], args);
  return { acts, ask, board: () => board, desktop, keyring, kept: () => kept, table };
}

test('account:copy puts the token on the clipboard and answers only how long it lives', async () => {
  const { ask, board, desktop } = arrange();
  const reply = await ask('account:copy', 'id-alice', 'header');
  expect([reply, board(), desktop.snapshot().shell.copied]).toEqual([
    { ok: true, value: { untilAt: NOW + 252_000 } },
    `Authorization: Bearer ${TOKEN}`,
    { what: 'token of alice', clearsAt: NOW + 30_000 },
  ]);
  expect(JSON.stringify([reply, desktop.snapshot()])).not.toContain(TOKEN);
});

test('login:open-link copies the code and opens the page that the engine offers', async () => {
  const { acts, ask, board } = arrange();
  expect([await ask('login:open-link', 'l1'), board(), acts]).toEqual([
    { ok: true, value: null },
    '7XK0QB',
    [['open', 'https://auth.example.org/link']],
  ]);
});

test('login:open-link says when no browser opens, and when the login is over', async () => {
  const { ask, keyring } = arrange({ openExternal: () => Promise.reject(new Error('none')) });
  const noBrowser = await ask('login:open-link', 'l1');
  keyring.logins = [];
  const over = await ask('login:open-link', 'l1');
  expect([noBrowser, over].map((reply) => !reply.ok && reply.failure.code)).toEqual([
    'browser-failed',
    'login-over',
  ]);
});

test('settings:change keeps, applies and tells; a system that will not start us makes it void', async () => {
  const { acts, ask, kept } = arrange();
  await ask('settings:change', { theme: 'dark', startAtLogin: true });
  const refused = arrange({ autostart: () => Promise.resolve(false) });
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

test('the lack of a tray is said until it is dismissed, and then never again', async () => {
  const { ask, desktop, kept } = arrange({}, false);
  const before = desktop.snapshot().shell.notices.map(({ code }) => code);
  await ask('notice:dismiss', 'no-tray');
  expect([before, desktop.snapshot().shell.notices, kept()]).toMatchObject([
    ['no-tray'],
    [],
    { dismissed: ['no-tray'] },
  ]);
});

test('only a notice that Keyfob has can be dismissed: nothing else is kept', async () => {
  const { ask, kept } = arrange();
  const codes = ['', 'x'.repeat(2_048), '__proto__', 'constructor', 'id-alice'];
  const replies = await Promise.all(codes.map((code) => ask('notice:dismiss', code)));
  expect([replies.map((reply) => !reply.ok && reply.failure.code), kept()]).toEqual([
    codes.map(() => 'notice-unknown'),
    {},
  ]);
});

test('a clipboard that takes nothing is said, and no token is lost on the way', async () => {
  const clipboard = {
    write: () => Promise.reject(new Error('no')),
    readText: () => Promise.resolve(''),
    clear: () => Promise.resolve(),
  };
  const { ask } = arrange({ clipboard });
  const reply = await ask('account:copy', 'id-alice', 'token');
  expect(reply).toMatchObject({ ok: false, failure: { code: 'clipboard-unavailable' } });
});

test('every request refuses arguments that the contract does not allow', async () => {
  const { ask, table } = arrange();
  const channels = Object.keys(table) as (keyof Requests)[]; // all of them, by its type
  const wrong = [[{}], [1, 2, 3, 4], ['x'.repeat(3_000)], [null], [['id']]];
  const outcomes = await Promise.all(
    channels.flatMap((channel) =>
      wrong.map((args) =>
        ask(channel, ...args).then(() => `${channel} ${JSON.stringify(args)}`, String),
      ),
    ),
  );
  // An empty change and an empty client are changes to nothing: the only ones that fit.
  expect(
    outcomes.filter((outcome) => !/^TypeError: [\w:-]+: arguments refused$/.test(outcome)),
  ).toEqual(['client:check [{}]', 'settings:change [{}]']);
});

test('no arguments whatever make a request fail in another way', async () => {
  const { ask, table } = arrange();
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

test('perform does by the menu what the window does by requests', async () => {
  const { acts, board, desktop, keyring } = arrange();
  await perform(desktop, { do: 'copy', accountId: 'id-alice', format: 'token' });
  const copied = board();
  await perform(desktop, { do: 'refresh', accountId: 'id-alice' });
  await perform(desktop, { do: 'open-page', accountId: 'id-alice' });
  await perform(desktop, { do: 'open-link', loginId: 'l1' });
  await perform(desktop, { do: 'cancel-login', loginId: 'l1' });
  await perform(desktop, { do: 'sign-in', accountId: 'id-alice' });
  await perform(desktop, { do: 'sign-out', accountId: 'id-alice' });
  await perform(desktop, { do: 'show', view: 'settings' });
  await perform(desktop, { do: 'quit' });
  expect([copied, acts, keyring.asked.map((asked) => (asked as unknown[])[0])]).toEqual([
    TOKEN,
    [
      ['open', 'https://auth.example.org/account/'],
      ['open', 'https://auth.example.org/link'],
      ['show', 'login/login-2'],
      ['show', 'settings'],
      ['quit'],
    ],
    ['tokenFor', 'refresh', 'cancelLogin', 'signInAgain', 'signOut'],
  ]);
});

test('a copy by the menu that does not work opens the window, which says why until one works', async () => {
  let works = false;
  const clipboard = {
    write: () => (works ? Promise.resolve() : Promise.reject(new Error('no clipboard'))),
    readText: () => Promise.resolve(''),
    clear: () => Promise.resolve(),
  };
  const { acts, ask, desktop } = arrange({ clipboard });
  const copy = () => perform(desktop, { do: 'copy', accountId: 'id-alice', format: 'token' });
  const said = () => desktop.snapshot().shell.notices.map(({ code }) => code);
  await copy();
  const failed = said();
  await ask('notice:dismiss', 'clipboard-unavailable');
  const dismissed = said();
  await copy();
  const again = said();
  works = true;
  await copy();
  expect([failed, dismissed, again, said(), acts]).toEqual([
    ['clipboard-unavailable'],
    [],
    ['clipboard-unavailable'],
    [],
    [
      ['show', 'accounts'],
      ['show', 'accounts'],
    ],
  ]);
});
