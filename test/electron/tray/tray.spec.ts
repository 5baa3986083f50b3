import { once } from 'node:events';
import { expect, test } from '../app-fixture.ts';
import { account, askForCode, shownCode, signIn } from '../flow/person.ts';

test('the tray menu adds an account, shows its code, opens the page and cancels', async ({
  page,
  host,
  homeserver,
}) => {
  await host.clickMenu('Add account…');
  await expect(page.getByRole('heading', { name: 'Add account' })).toBeVisible();
  await askForCode(page, homeserver.serverName);
  const code = await shownCode(page);
  await page.getByRole('button', { name: 'Back' }).click();
  const signIn = `Sign-in to ${homeserver.serverName}`;
  await host.clickMenu(signIn, 'Show code');
  expect(await shownCode(page)).toBe(code);
  await host.clickMenu(signIn, 'Copy code and open page');
  await expect.poll(() => host.opened()).toEqual([`${homeserver.baseUrl}/link`]);
  await expect.poll(() => host.copied()).toEqual([code]);
  await host.clickMenu(signIn, 'Cancel sign-in');
  await expect(page.getByRole('heading', { name: 'The sign-in was cancelled.' })).toBeVisible();
  await host.clickMenu('Settings…');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
});

test('a click elsewhere hides the window, but not during a sign-in', async ({
  page,
  host,
  homeserver,
}) => {
  const isVisible = async () => (await host.window())?.visible;
  await askForCode(page, homeserver.serverName);
  await shownCode(page);
  await host.clickElsewhere();
  const whileWaiting = await isVisible();
  await page.getByRole('button', { name: 'Cancel sign-in' }).click();
  await expect(page.getByRole('heading', { name: 'Accounts' })).toBeVisible();
  await host.clickElsewhere();
  const afterwards = await isVisible();
  expect([whileWaiting, afterwards]).toEqual([true, false]);
  // A click right after the focus was lost counts as its cause; the next one shows the window.
  const click = async () => {
    await host.clickTray();
    return isVisible();
  };
  await expect.poll(click).toBe(true);
});

test('the tray menu copies each format of a token, refreshes it and signs out', async ({
  page,
  host,
  homeserver,
}) => {
  await signIn(page, homeserver);
  const { accessToken: token } = homeserver.sessions()[0]!;
  const forms = [
    'Copy token',
    'Copy Authorization header',
    'Copy environment variables',
    'Copy curl command',
    'Copy JSON',
  ];
  for (const [index, form] of forms.entries()) {
    await host.clickMenu('alice', form);
    await expect.poll(async () => (await host.copied()).length).toBe(index + 1);
  }
  const beginnings = (await host.copied()).map((text) => text?.split(token)[0]);
  expect(beginnings).toEqual([
    '',
    'Authorization: Bearer ',
    "export MATRIX_ACCESS_TOKEN='",
    "curl --header 'Authorization: Bearer ",
    '{"version":1,"access_token":"',
  ]);
  await host.clickMenu('alice', 'Refresh now');
  await expect.poll(() => homeserver.count('refresh')).toBe(1);
  await host.clickMenu('alice', 'Sign out', 'Yes, sign out alice');
  await expect(account(page, 'alice')).toBeHidden();
  expect(homeserver.sessions().map(({ alive }) => alive)).toEqual([false]);
});

test('quitting from the tray menu clears a copied token and exits cleanly', async ({
  electron,
  page,
  host,
  homeserver,
}) => {
  await signIn(page, homeserver);
  await page.getByRole('button', { name: 'Copy token for alice' }).click();
  await expect.poll(() => host.copied()).toHaveLength(1);
  const child = electron.process();
  const said: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  await electron.evaluate(({ app }) => {
    const { testAgent } = globalThis as unknown as { testAgent: { copied(): unknown } }; // set by the agent
    app.once('will-quit', () => process.stdout.write(JSON.stringify(testAgent.copied())));
  });
  const ended = once(child, 'exit');
  await host.clickMenu('Quit Keyfob');
  const [code] = (await ended) as [number | null];
  const { accessToken } = homeserver.sessions()[0]!;
  expect([code, JSON.parse(said.join(''))]).toEqual([0, [accessToken, null]]);
});

test('quitting during startup is carried out', async ({ electron, host }) => {
  const ended = once(electron.process(), 'exit');
  await expect.poll(() => host.tray()).not.toBeNull();
  await host.clickMenu('Quit Keyfob');
  expect(await ended).toEqual([0, null]);
});
