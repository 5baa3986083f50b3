import type { Page } from '@playwright/test';
import { expect, test } from '../app-fixture.ts';
import {
  account,
  askForCode,
  deviceAnswers,
  noteTexts,
  pick,
  shownCode,
  signIn,
} from './person.ts';

test.use({ served: { autoFillUserCode: true } });

test('a person signs in from the welcome view: server, five steps, code, page, account', async ({
  page,
  host,
  homeserver,
}) => {
  const answers = deviceAnswers(homeserver);
  // A slow server, so that each step is drawn.
  for (const step of ['versions', 'registration', 'whoami'] as const) {
    homeserver.faults.next(step, { delayMs: 60 });
  }
  const steps = await noteTexts(page, '[aria-current=step], .strip');
  await expect(page.getByRole('heading')).toHaveText('Your Matrix tokens, always fresh');
  await askForCode(page, homeserver.serverName);

  const card = page.getByRole('region', { name: 'Your code' });
  await expect(card).toBeVisible();
  const { user_code: code, verification_uri_complete: link } = answers[0]!;
  expect(await shownCode(page)).toBe(code);
  await expect(card.locator('strong')).toHaveText(new URL(link!).host);
  expect(Math.abs(await countdownError(page))).toBeLessThanOrEqual(1);

  await page.getByRole('button', { name: 'Copy code and open page' }).click();
  await expect(page.getByRole('contentinfo')).toHaveText(
    /^On the clipboard: sign-in code, until .* quit Keyfob$/,
  );

  expect(homeserver.approve(code, 'alice')).toBe(true);
  const done = page.getByRole('main');
  await expect(done).toContainText(`Signed in as @alice:${homeserver.serverName}.`);
  expect([await host.copied(), await host.opened()]).toEqual([[code], [link]]);
  expect((await steps()).map((text) => text.split('\n')[0])).toEqual([
    'Discover',
    'Register',
    'Request code',
    'Step 4 of 5: Wait for approval',
    'Verify',
  ]);
  await page.getByRole('button', { name: 'Go to accounts' }).click();
  await expect(account(page, 'alice')).toContainText(/Valid for 4 min \d+ s/);
});

test('the menu copies each format of a token as tools expect it', async ({
  page,
  host,
  homeserver,
}) => {
  await signIn(page, homeserver);
  const { accessToken: token, deviceId, userId } = homeserver.sessions()[0]!;
  const forms = ['Token', 'Authorization header', 'Environment variables', 'curl command', 'JSON'];
  for (const [index, form] of forms.entries()) {
    await page.getByRole('button', { name: 'Other formats for alice' }).click();
    await page.getByRole('menuitem', { name: form }).click();
    await expect.poll(async () => (await host.copied()).length).toBe(index + 1);
  }
  const copied = await host.copied();
  const json: unknown = JSON.parse(copied[4]!);
  expect([...copied.slice(0, 4), json]).toEqual([
    token,
    `Authorization: Bearer ${token}`,
    `export MATRIX_ACCESS_TOKEN='${token}'
export MATRIX_HOMESERVER='${homeserver.baseUrl}'
export MATRIX_USER_ID='${userId}'`,
    `curl --header 'Authorization: Bearer ${token}' '${homeserver.baseUrl}/_matrix/client/v3/account/whoami'`,
    {
      version: 1,
      access_token: token,
      token_type: 'Bearer',
      account: 'alice',
      user_id: userId,
      device_id: deviceId,
      homeserver_url: homeserver.baseUrl,
      scopes: ['urn:matrix:client:api:*', `urn:matrix:client:device:${deviceId}`],
      expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      expires_in_s: expect.any(Number),
    },
  ]);
  await expect(page.getByRole('contentinfo')).toContainText(
    /On the clipboard: token for alice, clears in (30|2\d) s/,
  );
});

test('the inspector shows every exchange of a sign-in in order, and copies one without its secrets', async ({
  page,
  host,
  homeserver,
}) => {
  homeserver.autoApprove('alice', { afterPolls: 1 });
  await askForCode(page, homeserver.serverName);
  await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible();
  await page.getByRole('button', { name: 'Show in inspector' }).click();
  const groups = await page.getByRole('heading', { level: 2 }).allTextContents();
  const lines = await page.locator('.exchange-line').allTextContents();
  const arrived = homeserver.requests.map(({ method, path }) => `${method} ${path}`);
  expect([groups, lines]).toEqual([
    ['Discover', 'Register', 'Request code', 'Wait for approval', 'Verify'],
    arrived,
  ]);

  const polls = page.locator('details', { hasText: '/oauth2/token' });
  await polls.last().locator('summary').click();
  await polls.last().getByRole('button', { name: 'Copy as curl' }).click();
  await expect.poll(() => host.clipboard()).toContain('device_code=<device_code>');
  const shown = [await host.clipboard(), await page.getByRole('main').innerText()].join('\n');
  expect(homeserver.issuedSecrets().filter((secret) => shown.includes(secret))).toEqual([]);
});

test('an account is renamed, changed, checked and refreshed from its menu, and signed out with verification', async ({
  page,
  homeserver,
}) => {
  await signIn(page, homeserver);
  await pick(page, 'alice', 'Rename…');
  await page.keyboard.type('work');
  await page.getByRole('button', { name: 'Save' }).click();
  await pick(page, 'work', 'Only on demand');
  await pick(page, 'work', 'Refresh now');
  await expect.poll(() => homeserver.count('refresh')).toBe(1);
  await pick(page, 'work', 'Check with the server');
  const { deviceId, userId } = homeserver.sessions()[0]!;
  await expect(page.getByRole('region', { name: 'Server check for work' })).toContainText(
    `User${userId}Device${deviceId}`,
  );
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'More actions for work', exact: true }).click();
  await expect(page.getByRole('menuitemradio', { checked: true })).toHaveText('Only on demand');
  await page.getByRole('menuitem', { name: 'Sign out…' }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('contentinfo')).toContainText(
    'Signed out. Verified: the server rejects the old token.',
  );
  await expect(page.getByText('No accounts yet.')).toBeVisible();
  expect(homeserver.sessions().map(({ alive }) => alive)).toEqual([false]);
});

/** The difference in seconds between the shown countdown and main's, read at the same time. */
function countdownError(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { app } = await window.keyfob.snapshot();
    const [login] = app.logins;
    const expiresAt = login?.state.step === 'waiting' ? login.state.expiresAt : 0;
    const shown = document.querySelector('[role=timer]')?.textContent ?? '';
    const [, minutes, seconds] = /^(\d+):(\d\d) left$/.exec(shown) ?? [];
    return Number(minutes) * 60 + Number(seconds) - (expiresAt - Date.now()) / 1_000;
  });
}
