import { expect, test } from '../app-fixture.ts';
import { enter, expectFocus, press, tabTo } from './keys.ts';
import { shownCode } from './person.ts';

test('a person signs in without a mouse, and the focus is always visible', async ({
  page,
  host,
  homeserver,
}) => {
  await expectFocus(page, 'heading "Your Matrix tokens, always fresh"');
  await press(page, 'Tab');
  await page.keyboard.type(homeserver.serverName);
  await press(page, 'Enter');
  await expectFocus(page, `heading "Sign in to ${homeserver.serverName}"`);
  const code = await shownCode(page);
  expect(await tabTo(page, 'button "Cancel sign-in"')).toEqual([
    'button "Show in inspector"',
    'button "Hide window"',
    'button "Copy code and open page"',
    'button "Copy code"',
    'button "Cancel sign-in"',
  ]);
  await press(page, 'Shift+Tab', 'Shift+Tab', 'Enter');
  await expect.poll(() => host.opened()).toHaveLength(1);
  homeserver.approve(code, 'alice');
  await expectFocus(page, 'heading "Signed in"');
  const link = `${homeserver.baseUrl}/link`;
  expect([await host.copied(), await host.opened()]).toEqual([[code], [link]]);
  await press(page, 'Tab', 'Enter');
  await expectFocus(page, 'heading "Accounts"');
  expect(await tabTo(page, 'button "Add account"')).toEqual([
    'button "Inspector"',
    'button "Settings"',
    'button "Hide window"',
    'button "More actions for alice"',
    'button "Copy token for alice"',
    'button "Other formats for alice"',
    'button "Add account"',
  ]);
  await press(page, 'Enter');
  await expectFocus(page, 'textbox "Your Matrix ID or server"');
  await press(page, 'Escape');
  await expectFocus(page, 'heading "Accounts"');
  await press(page, 'Escape');
  await expect.poll(async () => (await host.window())?.visible).toBe(false);
});

test('an account is used without a mouse: copied, inspected, renamed, changed, signed out', async ({
  page,
  host,
  homeserver,
}) => {
  homeserver.autoApprove('alice');
  await press(page, 'Tab');
  await page.keyboard.type(homeserver.serverName);
  await press(page, 'Enter');
  await expectFocus(page, 'heading "Signed in"');
  await press(page, 'Tab', 'Enter');
  const { accessToken: token } = homeserver.sessions()[0]!;

  await tabTo(page, 'button "Other formats for alice"');
  await press(page, 'ArrowDown', 'ArrowDown');
  await expectFocus(page, 'menuitem "Authorization header"');
  await press(page, 'Enter');
  await expectFocus(page, 'button "Other formats for alice"');
  await expect.poll(() => host.copied()).toEqual([`Authorization: Bearer ${token}`]);

  await enter(page, 'button "Inspector"');
  await expectFocus(page, 'heading "Inspector"');
  await tabTo(page, 'combobox "Show"');
  await press(page, 'Tab', 'Enter', 'Tab');
  await expectFocus(page, 'button "Copy as curl"');
  await press(page, 'Enter');
  const request = `${homeserver.baseUrl}/.well-known/matrix/client`;
  await expect.poll(async () => (await host.copied())[1]).toContain(request);
  await press(page, 'Escape');

  await enter(page, 'button "More actions for alice"');
  await press(page, 'r', 'Enter');
  await expectFocus(page, 'textbox "New label"');
  await page.keyboard.type('work');
  await press(page, 'Enter');
  await expectFocus(page, 'button "More actions for work"');
  await press(page, 'Enter', 'o', 'o', 'Enter');
  await expectFocus(page, 'button "More actions for work"');
  await press(page, 'Enter');
  const chosen = page.getByRole('menuitemradio', { checked: true });
  await expect(chosen).toHaveText('Only on demand');
  await press(page, 'Enter');
  await expect.poll(() => homeserver.count('refresh')).toBe(1);
  await press(page, 'Enter', 'c', 'Enter');
  await expectFocus(page, 'region "Server check for work"');
  await press(page, 'Escape');
  await expectFocus(page, 'button "More actions for work"');

  await press(page, 'Enter', 'End', 'Enter');
  await expectFocus(page, 'region "Sign out work?"');
  await enter(page, 'button "Sign out"');
  await expectFocus(page, 'heading "Accounts"');
  await expect(page.getByRole('contentinfo')).toContainText(
    'Signed out. Verified: the server rejects the old token.',
  );
  expect(homeserver.sessions().map(({ alive }) => alive)).toEqual([false]);
});
