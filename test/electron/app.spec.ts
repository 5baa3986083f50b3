import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../e2e/host-kind.ts';
import { expect, test } from './app-fixture.ts';

const snapshot = () => window.keyfob.snapshot();
const start = (server: string) => window.keyfob.startLogin({ server, label: 'work', client: {} });

test('the app signs in, copies a token, clears it and signs out, from window and tray', async ({
  page,
  host,
  homeserver,
}) => {
  homeserver.autoApprove(null);
  const started = await page.evaluate(start, homeserver.baseUrl);
  expect(started).toMatchObject({ ok: true });
  await expect
    .poll(async () => (await page.evaluate(snapshot)).app.logins[0]?.state.step)
    .toBe('waiting');
  const [login] = (await page.evaluate(snapshot)).app.logins;
  const state = login!.state as { userCode: string; verificationUri: string };
  expect((await host.tray())?.tooltip).toBe('Keyfob: 1 sign-in is waiting for your approval');
  await host.clickMenu(`login:${login!.id}`, `login:${login!.id}:open`);
  await expect.poll(() => host.opened()).toHaveLength(1);
  expect(await host.clipboard()).toBe(state.userCode);
  expect((await host.opened())[0]).toContain(new URL(state.verificationUri).host);

  homeserver.approve(state.userCode, 'alice');
  await expect
    .poll(async () => (await page.evaluate(snapshot)).app.accounts[0]?.state.kind)
    .toBe('active');
  const [account] = (await page.evaluate(snapshot)).app.accounts;
  await host.clickMenu(`account:${account!.id}`, `account:${account!.id}:copy:header`);
  await expect.poll(() => host.clipboard()).toMatch(/^Authorization: Bearer \S+$/);
  const copied = (await page.evaluate(snapshot)).shell.copied;
  expect(copied).toMatchObject({ what: 'token for work' });
  await host.power('lock-screen');
  await expect.poll(() => host.clipboard()).toBe('');

  await host.clickMenu(
    `account:${account!.id}`,
    `account:${account!.id}:end`,
    `account:${account!.id}:sign-out`,
  );
  await expect.poll(async () => (await page.evaluate(snapshot)).app.accounts).toEqual([]);
  expect(homeserver.sessions().filter(({ alive }) => alive)).toEqual([]);
  expect(await host.notifications()).toEqual([]);
});

test('no snapshot, exchange or log line that leaves main holds a secret', async ({
  page,
  host,
  homeserver,
}) => {
  homeserver.autoApprove('alice');
  await page.evaluate(start, homeserver.baseUrl);
  await expect
    .poll(async () => (await page.evaluate(snapshot)).app.accounts[0]?.state.kind)
    .toBe('active');
  const seen = JSON.stringify([
    await page.evaluate(snapshot),
    await page.evaluate(() => window.keyfob.listExchanges()),
    host.stderr(),
    await host.tray(),
  ]);
  expect(homeserver.issuedSecrets().filter((secret) => seen.includes(secret))).toEqual([]);
});

test('the command line works with the running app as with the headless agent', async ({
  page,
  homeserver,
  userData,
}) => {
  homeserver.autoApprove('alice');
  await page.evaluate(start, homeserver.baseUrl);
  await expect
    .poll(async () => (await page.evaluate(snapshot)).app.accounts[0]?.state.kind)
    .toBe('active');
  const keyfob = promisify(execFile);
  const { stdout } = await keyfob(
    process.execPath,
    [join(root, 'out/node/keyfob.js'), 'token', 'work'],
    { env: { ...process.env, KEYFOB_HOME: userData } },
  );
  expect(homeserver.sessions().map(({ accessToken }) => accessToken)).toEqual([stdout.trim()]);
  const [account] = (await page.evaluate(snapshot)).app.accounts;
  expect(account?.state).toMatchObject({ kind: 'active', heldBy: [{}] });
});

test('the tray opens the window at the requested view', async ({ page, host }) => {
  await host.clickMenu('settings');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await host.clickMenu('open');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeHidden();
});

test('a second instance shows the window of the first and exits', async ({ page, host }) => {
  await page.evaluate(() => window.keyfob.hideWindow());
  expect((await host.window())?.visible).toBe(false);
  expect(await host.secondInstance()).toBe(0);
  await expect.poll(async () => (await host.window())?.visible).toBe(true);
});

test('the window is refused everything but its own page', async ({ page, host, electron }) => {
  const before = (await host.window())?.url;
  await page.evaluate(() => {
    window.open('https://example.org/');
    location.href = 'https://example.org/';
  });
  const fetched = await page.evaluate(() => fetch('https://example.org/').catch(() => 'refused'));
  const permission = await page.evaluate(
    async () => (await navigator.permissions.query({ name: 'geolocation' })).state,
  );
  const windows = electron.windows().length;
  const url = (await host.window())?.url;
  expect({ url, fetched, permission, windows, opened: await host.opened() }).toEqual({
    url: before,
    fetched: 'refused',
    permission: 'denied',
    windows: 1,
    opened: [],
  });
});

test('a request whose arguments do not match the contract is refused as a bug', async ({
  page,
}) => {
  const refusals = await page.evaluate(async () => {
    const wrong = window.keyfob as unknown as Record<
      string,
      (...args: unknown[]) => Promise<unknown>
    >; // to say what the types forbid
    const calls = [
      wrong.copyAccount!('id', 'refresh-token'),
      wrong.changeSettings!({ clipboardMs: -1 }),
      wrong.changeSettings!({ unknown: true }),
      wrong.startLogin!('example.org'),
    ];
    return Promise.all(
      calls.map((call) =>
        call.then(
          () => 'taken',
          (error: unknown) => String(error),
        ),
      ),
    );
  });
  expect(refusals.map((message) => message.includes('arguments refused'))).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

test('start at login writes the desktop file and removes it again', async ({ page, userData }) => {
  const file = join(userData, 'config/autostart/keyfob.desktop');
  await page.evaluate(() => window.keyfob.changeSettings({ startAtLogin: true }));
  expect(readFileSync(file, 'utf8')).toMatch(/^Exec=.* --hidden$/m);
  await page.evaluate(() => window.keyfob.changeSettings({ startAtLogin: false }));
  expect(existsSync(file)).toBe(false);
});
