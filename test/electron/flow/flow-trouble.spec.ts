import { expect, startNearby, test } from '../app-fixture.ts';
import { enter, expectFocus, press, tabTo } from './keys.ts';
import { account, askForCode, deviceAnswers, noteTexts, shownCode } from './person.ts';

test.describe('with codes valid for two seconds', () => {
  test.use({ served: { codeTtlMs: 2_000 } });

  test('an expired code says so, and a new one is one click away', async ({ page, homeserver }) => {
    const answers = deviceAnswers(homeserver);
    const codes = await noteTexts(page, '.code-letters');
    await askForCode(page, homeserver.serverName);
    await expect(page.getByRole('heading', { name: 'The code has expired' })).toBeVisible();
    await expect(page.getByRole('main')).toContainText('The sign-in code has expired.');
    homeserver.autoApprove('alice');
    await page.getByRole('button', { name: 'Get a new code' }).click();
    await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible();
    const [first, second] = answers.map(({ user_code }) => user_code);
    expect([await codes(), first === second]).toEqual([[first, second], false]);
  });
});

test('a sign-in that was declined says so, and the next one works', async ({
  page,
  homeserver,
}) => {
  await askForCode(page, homeserver.serverName);
  homeserver.deny(await shownCode(page));
  await expectFocus(page, 'heading "Sign-in failed"');
  await expect(page.getByRole('main')).toContainText(
    "The sign-in was declined on the web page.If you didn't decline it, do nothing; otherwise, start again.",
  );
  homeserver.autoApprove('alice');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible();
});

test('a server that goes down during approval is retried', async ({ page, homeserver }) => {
  homeserver.faults.next('token', { drop: 'before' });
  homeserver.autoApprove('alice');
  const words = await noteTexts(page, '[aria-label="Wait for approval"] strong');
  await askForCode(page, homeserver.serverName);
  await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible();
  expect(await words()).toEqual([
    'Waiting for your approval',
    "Can't reach the server; the code is still valid",
  ]);
});

test('a server that is down is named with what to do, and found once it is up', async ({
  page,
  homeserver,
}) => {
  const { serverName } = homeserver;
  await homeserver.close();
  await askForCode(page, serverName);
  await expect(page.getByRole('main')).toContainText(
    `Can't reach ${serverName}: the connection was refused.Check the address and your network connection, or enter the homeserver's own address`,
  );
  const upAgain = await startNearby({ port: Number(serverName.split(':')[1]) });
  upAgain.autoApprove('alice');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible();
  await upAgain.close();
});

test.describe('when another user approves than the one typed', () => {
  test.use({ served: { users: ['alice', 'bob'] } });

  test('the person keeps that session', async ({ page, homeserver }) => {
    const { serverName } = homeserver;
    await askForCode(page, `@alice:${serverName}`);
    homeserver.approve(await shownCode(page), 'bob');
    await expectFocus(page, 'heading "Someone else signed in"');
    await expect(page.getByRole('main')).toContainText(
      `You entered @alice:${serverName}, but @bob:${serverName} approved the sign-in.`,
    );
    await page.getByRole('button', { name: `Keep @bob:${serverName}` }).click();
    await page.getByRole('button', { name: 'Go to accounts' }).click();
    await expect(account(page, 'bob')).toContainText('Valid');
  });

  test('a notification tells the person, and opens the question', async ({
    page,
    host,
    homeserver,
  }) => {
    await askForCode(page, `@alice:${homeserver.serverName}`);
    const code = await shownCode(page);
    await page.getByRole('button', { name: 'Back' }).click();
    homeserver.approve(code, 'bob');
    await expect(page.getByText('Someone else signed in: your decision')).toBeVisible();
    await host.clickNotification(0);
    await expect(page.getByRole('heading', { name: 'Someone else signed in' })).toBeVisible();
  });

  test('the person refuses, and the server ends the session', async ({ page, homeserver }) => {
    const { serverName } = homeserver;
    await askForCode(page, `@alice:${serverName}`);
    homeserver.approve(await shownCode(page), 'bob');
    await expectFocus(page, 'heading "Someone else signed in"');
    await enter(page, 'button "End session"');
    await expectFocus(page, 'heading "Sign-in failed"');
    await expect(page.getByRole('main')).toContainText(
      `You entered @alice:${serverName}, but @bob:${serverName} approved the sign-in.`,
    );
    expect(homeserver.sessions().map(({ userId, alive }) => [userId, alive])).toEqual([
      [`@bob:${serverName}`, false],
    ]);
  });
});

test('the client is customised before it is registered, and validated on every input', async ({
  page,
  homeserver,
}) => {
  const registered = () =>
    homeserver.requests.filter(({ step }) => step === 'registration').map(({ body }) => body);
  await press(page, 'Tab');
  await page.keyboard.type(homeserver.serverName);
  await enter(page, 'fold "Customise the client"');
  await tabTo(page, 'textbox "Name"');
  await page.keyboard.type('Release bot');
  await tabTo(page, 'textbox "Website"');
  await page.keyboard.type('http://example.org/bot');
  const field = page.getByRole('textbox', { name: 'Website' });
  await expect(field).toHaveAccessibleDescription(/“Website”: it is not an https address/);
  await press(page, 'Enter');
  await expect(page.getByRole('alert')).toContainText('“Website”: it is not an https address');
  expect(registered()).toEqual([]);
  await press(page, 'Control+A');
  await page.keyboard.type('https://example.org/bot');
  await expect(page.getByText('These values are valid.')).toBeVisible();
  await press(page, 'Enter');
  await shownCode(page);
  expect(registered().map((body) => JSON.parse(body) as unknown)).toEqual([
    expect.objectContaining({ client_name: 'Release bot', client_uri: 'https://example.org/bot' }),
  ]);
});
