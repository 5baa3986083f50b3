import { expect, test } from 'vitest';
import type { MenuAction } from '../../../main/desktop/tray/tray-menu.ts';
import { performAction } from '../../../main/desktop/tray/menu-actions.ts';
import { accountOf, TOKEN } from '../../fixtures/fake-engine.ts';
import { makeDesktop } from '../make-desktop.ts';

test('performAction() does from the menu what the window does by requests', async () => {
  const { acts, board, desktop, engine } = makeDesktop();
  await performAction(desktop, { do: 'copy', accountId: 'id-alice', format: 'token' });
  const copied = board();
  await performAction(desktop, { do: 'refresh', accountId: 'id-alice' });
  await performAction(desktop, { do: 'open-page', accountId: 'id-alice' });
  await performAction(desktop, { do: 'open-link', loginId: 'l1' });
  await performAction(desktop, { do: 'cancel-login', loginId: 'l1' });
  await performAction(desktop, { do: 'sign-in', accountId: 'id-alice' });
  await performAction(desktop, { do: 'sign-out', accountId: 'id-alice' });
  await performAction(desktop, { do: 'show', view: 'settings' });
  await performAction(desktop, { do: 'quit' });
  expect([copied, acts, engine.calls.map((asked) => (asked as unknown[])[0])]).toEqual([
    TOKEN,
    [
      ['open', 'https://auth.example.org/account/'],
      ['open', 'https://auth.example.org/link'],
      ['show', 'login/login-2'],
      ['show', 'accounts'],
      ['show', 'settings'],
      ['quit'],
    ],
    ['tokenFor', 'refresh', 'cancelLogin', 'signInAgain', 'signOut'],
  ]);
});

test('a copy from the menu that fails opens the window, which shows why until one succeeds', async () => {
  let works = false;
  const clipboard = {
    write: () => (works ? Promise.resolve() : Promise.reject(new Error('no clipboard'))),
    readText: () => Promise.resolve(''),
    clear: () => Promise.resolve(),
  };
  const { acts, ask, desktop } = makeDesktop({ clipboard });
  const copy = () => performAction(desktop, { do: 'copy', accountId: 'id-alice', format: 'token' });
  const said = () => desktop.snapshot().shell.outcomes.map(({ code }) => code);
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

test('a sign-out from the menu shows in the window whether it is verified', async () => {
  const { acts, desktop, engine } = makeDesktop();
  const signOut = () => performAction(desktop, { do: 'sign-out', accountId: 'id-alice' });
  const said = () => desktop.snapshot().shell.outcomes;
  await signOut();
  const proven = said();
  engine.proof = 'queued';
  await signOut();
  expect([proven, said(), acts]).toMatchObject([
    [
      {
        tone: 'good',
        message: 'alice: Signed out. Verified: the server rejects the old token.',
        hint: '',
      },
    ],
    [
      {
        tone: 'warn',
        message: expect.stringMatching(/^alice: Not signed out on the server yet/) as unknown,
      },
    ],
    [
      ['show', 'accounts'],
      ['show', 'accounts'],
    ],
  ]);
});

test('forgetting from the menu says in the window that the session may stay active on the server', async () => {
  const { acts, desktop, engine } = makeDesktop();
  engine.accounts = [
    accountOf('alice', {
      state: { kind: 'signing-out', revoked: false, retryAt: null, notice: null },
    }),
  ];
  engine.proof = 'unconfirmed';
  engine.changed();
  await performAction(desktop, { do: 'forget', accountId: 'id-alice' });
  expect([engine.calls, desktop.snapshot().shell.outcomes, acts]).toMatchObject([
    [['signOut', 'alice', 'forget']],
    [{ tone: 'warn', message: expect.stringMatching(/^alice: Forgotten here, but/) as unknown }],
    [['show', 'accounts']],
  ]);
});

test('a clipboard that could not be cleared is shown until dismissed, and again the next time', async () => {
  const clipboard = {
    write: () => Promise.resolve(),
    readText: () => Promise.reject(new Error('nobody may look')),
    clear: () => Promise.resolve(),
  };
  const { ask, desktop, kept } = makeDesktop({ clipboard });
  const said = () => desktop.snapshot().shell.outcomes.map(({ code, tone }) => `${tone} ${code}`);
  const fail = async () => {
    await ask('account:copy', 'id-alice', 'token');
    await desktop.clearClipboard();
    return said();
  };
  const first = await fail();
  await ask('notice:dismiss', 'clipboard-not-cleared');
  const dismissed = said();
  expect([first, dismissed, await fail(), kept()]).toEqual([
    ['bad clipboard-not-cleared'],
    [],
    ['bad clipboard-not-cleared'],
    {},
  ]);
});

test('removing an account from the menu shows no outcome', async () => {
  const { acts, desktop, engine } = makeDesktop();
  engine.accounts = [accountOf('alice', { state: { kind: 'signed-out', why: 'ended-by-server' } })];
  engine.proof = 'already-signed-out';
  engine.changed();
  await performAction(desktop, { do: 'sign-out', accountId: 'id-alice' });
  expect([desktop.snapshot().shell.outcomes, acts]).toEqual([[], []]);
});

test('any failed menu action opens the window, which shows why', async () => {
  const entries: readonly MenuAction[] = [
    { do: 'copy', accountId: 'id-alice', format: 'token' },
    { do: 'refresh', accountId: 'id-alice' },
    { do: 'sign-out', accountId: 'id-alice' },
    { do: 'forget', accountId: 'id-alice' },
    { do: 'open-page', accountId: 'gone' },
    { do: 'sign-in', accountId: 'gone' },
    { do: 'open-link', loginId: 'gone' },
    { do: 'cancel-login', loginId: 'gone' },
  ];
  const outcomes = await Promise.all(
    entries.map(async (action) => {
      const { acts, desktop, engine } = makeDesktop();
      engine.failure = { code: 'account-locked' };
      await performAction(desktop, action);
      const said = desktop.snapshot().shell.outcomes.map(({ code, tone }) => `${tone} ${code}`);
      return [action.do, ...said, ...acts];
    }),
  );
  const shown = ['show', 'accounts'];
  expect(outcomes).toEqual([
    ['copy', 'bad account-locked', shown],
    ['refresh', 'bad account-locked', shown],
    ['sign-out', 'bad account-locked', shown],
    ['forget', 'bad account-locked', shown],
    ['open-page', 'bad account-unknown', shown],
    ['sign-in', 'bad account-unknown', shown],
    ['open-link', 'bad login-over', ['show', 'login/gone']],
    ['cancel-login', 'bad login-unknown', shown],
  ]);
});
