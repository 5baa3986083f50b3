/// <reference lib="dom" />
import fc from 'fast-check';
import { METHODS } from '../../preload/window-methods.ts';
import type { Answer } from './garbage.ts';
import { callWithGarbage, codesOf, plantGarbage } from './garbage.ts';
import type { Ids } from '../flow/busy-day.ts';
import { expect, stateOf, test } from '../flow/busy-day.ts';

// A compromised page: what its script can do with the bridge.

/** Whether a call with garbage ended as it must. Only two methods accept an empty object. */
function isFitting({ method, what, end, text }: Answer): boolean {
  const isListener = method === 'onChanged' || method === 'onExchange';
  switch (end) {
    case 'refused':
      return !isListener;
    case 'rejected':
      // Main has one reason to reject; the others come from the page's side of the bridge.
      return !text.includes('remote method') || text.endsWith(': arguments refused');
    case 'threw':
      return true;
    case 'subscribed':
      return isListener && what.startsWith('function ');
    case 'answered':
      return method === 'changeSettings' || method === 'checkClient';
  }
}

test('the page gets exactly these methods, and cannot change them', async ({ page }) => {
  const seen = await page.evaluate(() => {
    const { keyfob } = window;
    const before = Object.entries(keyfob);
    const acts: readonly (() => unknown)[] = [
      () => Object.assign(window, { keyfob: {} }),
      () => Object.assign(keyfob, { snapshot: () => 'mine' }),
      () => Object.defineProperty(keyfob, 'more', { value: 1 }),
      () => Reflect.setPrototypeOf(keyfob, { more: 1 }),
      () => Reflect.deleteProperty(window, 'keyfob'),
    ];
    for (const act of acts) {
      try {
        act();
      } catch {
        continue; // Some are refused aloud, some silently: what counts is seen below.
      }
    }
    const now = new Map<unknown, unknown>(Object.entries(keyfob));
    const others = ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer', 'global'];
    return {
      names: Reflect.ownKeys(keyfob).map(String).sort(),
      kinds: [...new Set(before.map(([, method]) => typeof method))],
      isSame: window.keyfob === keyfob && before.every(([name, was]) => now.get(name) === was),
      isPlain: Reflect.getPrototypeOf(keyfob) === Object.prototype,
      node: others.filter((name) => name in window),
    };
  });
  expect(seen).toEqual({
    names: METHODS,
    kinds: ['function'],
    isSame: true,
    isPlain: true,
    node: [],
  });
});

test('every method withstands garbage, and the app still works', async ({
  page,
  host,
  homeserver,
  ids,
}) => {
  test.setTimeout(90_000);
  const before = await stateOf(page);
  await page.evaluate(plantGarbage);
  const answers = await page.evaluate(callWithGarbage);
  expect({
    wrong: answers.filter((answer) => !isFitting(answer)),
    methods: [...new Set(answers.map(({ method }) => method))].sort(),
    enough: answers.length > 4_000,
    state: await stateOf(page),
    complaints: complaintsIn(host.stderr()),
    opened: await host.opened(),
  }).toEqual({
    wrong: [],
    methods: METHODS,
    enough: true,
    state: before,
    complaints: [],
    opened: [],
  });
  await page.evaluate((id) => window.keyfob.copyAccount(id, 'token'), ids.work);
  const tokens = homeserver.sessions().map(({ accessToken }) => accessToken);
  expect(tokens).toContain(await host.clipboard());
});

test('every method withstands random calls', async ({ page, host, ids }) => {
  test.setTimeout(90_000);
  const before = await stateOf(page);
  const text = fc.string({ minLength: 4, maxLength: 40 }); // shorter ones may be the number of an exchange
  const known = fc.constantFrom(...Object.values(ids));
  const anything = fc.anything({ values: [text, known, fc.double(), fc.boolean()], maxDepth: 3 });
  const names = METHODS.filter((name) => !name.startsWith('on'));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.array(anything, { minLength: 4, maxLength: 6 }),
      async (method, args) => {
        const [code] = await page.evaluate(codesOf, [[method, args]] as [[string, unknown[]]]);
        expect(code).toBe('refused');
      },
    ),
    { numRuns: 300, seed: 45_004 },
  );
  expect([await stateOf(page), complaintsIn(host.stderr())]).toEqual([before, []]);
});

test('a call that only looks right is refused with a reason', async ({ page, host, ids }) => {
  const before = await stateOf(page);
  const calls = almostRight(ids);
  const codes = await page.evaluate(
    codesOf,
    calls.map(([, method, args]) => [method, args] as const),
  );
  const seen = calls.map(([, method, args], index) => [codes[index], method, args]);
  expect([seen, await stateOf(page), await host.opened()]).toEqual([calls, before, []]);
});

function complaintsIn(stderr: string): readonly string[] {
  return stderr
    .split('\n')
    .filter((line) => /bug=|electron stand-in:|Uncaught|Unhandled/.test(line));
}

/** Well-formed calls that must fail, and how each is refused. */
function almostRight({ work, home, gone, login }: Ids) {
  const wish = (server: string, more: object = {}) => [{ server, label: '', client: {}, ...more }];
  const all: (readonly [code: string, method: string, args: readonly unknown[]])[] = [
    ['account-unknown', 'copyAccount', [login, 'token']],
    ['account-unknown', 'openAccountPage', [login]],
    ['login-over', 'openLink', [work]],
    ['login-over', 'copyCode', [work]],
    ['login-unknown', 'cancelLogin', [work]],
    ['login-unknown', 'retryLogin', [work]],
    ['login-unknown', 'answerLogin', [work, true]],
    ['request-invalid', 'answerLogin', [login, true]],
    ['account-unknown', 'copyAccount', [gone, 'token']],
    ['account-unknown', 'refreshAccount', [gone]],
    ['account-unknown', 'checkAccount', [gone]],
    ['account-unknown', 'renameAccount', [gone, 'mine']],
    ['account-unknown', 'setPolicy', [gone, 'on-demand']],
    ['account-unknown', 'signOut', [gone]],
    ['account-unknown', 'forgetAccount', [gone]],
    ['account-unknown', 'signIn', [gone]],
    ['account-unknown', 'openAccountPage', [gone]],
    ['account-unknown', 'copyAccount', ['work', 'token']],
    ['label-taken', 'renameAccount', [work, 'home']],
    ['label-invalid', 'renameAccount', [work, '']],
    ['label-invalid', 'renameAccount', [work, '\u202ekrow']],
    ['label-invalid', 'renameAccount', [work, 'x'.repeat(2_048)]],
    ['refused', 'copyAccount', [work, 'refresh-token']],
    ['refused', 'copyAccount', [work, '__proto__']],
    ['refused', 'copyAccount', [work, ['token']]],
    ['refused', 'copyAccount', [work, 'token', home]],
    ['refused', 'copyAccount', [work]],
    ['refused', 'snapshot', [undefined]],
    ['refused', 'quit', [undefined]],
    ['refused', 'setPolicy', [work, 'never']],
    ['refused', 'forgetAccount', [work, true]],
    ['refused', 'answerLogin', [login, 1]],
    ['refused', 'changeSettings', [{ clipboardMs: 3_600_001 }]],
    ['refused', 'changeSettings', [{ clipboardMs: 0.5 }]],
    ['refused', 'changeSettings', [{ theme: 'javascript:' }]],
    ['refused', 'changeSettings', [{ dismissed: ['clipboard-not-cleared'] }]],
    ['refused', 'startLogin', wish('example.org', { open: 'https://evil.example/' })],
    ['refused', 'startLogin', wish('example.org', { client: { client_uri: ['https://x/'] } })],
    ['notice-unknown', 'dismissNotice', [login]],
    ['exchange-unknown', 'copyCurl', ['0']],
    ['exchange-unknown', 'copyCurl', ['constructor']],
  ];
  return all;
}
