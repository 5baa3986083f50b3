import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { findChromium } from '../../tools/standin/find-chromium.ts';
import { buildGallery, show } from './gallery-page.ts';
import type { GalleryFiles } from './gallery-page.ts';
import { SCENES } from './gallery/scenes.ts';

const chromium = findChromium();

test.use({
  viewport: { width: 400, height: 560 },
  timezoneId: 'Europe/Berlin',
  launchOptions: {
    args: ['--no-sandbox'],
    ...(chromium === undefined ? {} : { executablePath: chromium }),
  },
});

let files: GalleryFiles = new Map();

test.beforeAll(async () => {
  files = await buildGallery();
});

test('the first run needs one field and the Enter key', async ({ page }) => {
  await showScene(page, 'welcome');
  await page.getByLabel('Your Matrix ID or server').fill('@alice:example.org');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => asked(page, 'login:start'))
    .toEqual([['login:start', { server: '@alice:example.org', label: '', client: {} }]]);
});

test('a server that is not understood starts no sign-in', async ({ page }) => {
  await showScene(page, 'add-wrong');
  await page.getByRole('button', { name: 'Get a code' }).click();
  await expect(page.getByLabel('Your Matrix ID or server')).toHaveAttribute('aria-invalid', 'true');
  expect(await asked(page, 'login:start')).toEqual([]);
});

test('the customised client passes on only what was changed', async ({ page }) => {
  await showScene(page, 'add');
  await page.getByLabel('Your Matrix ID or server').fill('example.org');
  await page.getByText('Customise the client').click();
  await page.getByLabel('Name', { exact: true }).fill('Release bot');
  await page.getByLabel('Website').fill('https://example.org/bot');
  await page.getByLabel('Website').fill('https://keyfob.example/');
  await expect(page.getByText('These values are valid.')).toBeVisible();
  await page.getByRole('button', { name: 'Get a code' }).click();
  await expect
    .poll(() => asked(page, 'login:start'))
    .toEqual([
      ['login:start', { server: 'example.org', label: '', client: { client_name: 'Release bot' } }],
    ]);
});

test('an error in the client metadata uses the labels of the window', async ({ page }) => {
  await showScene(page, 'add');
  await page.getByText('Customise the client').click();
  const field = page.getByLabel('Website');
  await field.fill('http://example.org/bot');
  await expect(field).toHaveAccessibleDescription(
    "The client can't be registered with this “Website”: it is not an https address.",
  );
});

test('a menu is opened, navigated, used and closed by keyboard', async ({ page }) => {
  await showScene(page, 'accounts');
  const opener = page.getByRole('button', { name: 'Other formats for alice', exact: true });
  await opener.focus();
  await page.keyboard.press('ArrowDown');
  await expect(item(page, 'Token')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(item(page, 'JSON')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(item(page, 'Token')).toBeFocused();
  await page.keyboard.press('e');
  await expect(item(page, 'Environment variables')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(opener).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(item(page, 'Token')).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(opener).toBeFocused();
  expect([await asked(page, 'account:copy'), await asked(page, 'window:hide')]).toEqual([
    [['account:copy', 'account-alice', 'json']],
    [],
  ]);
});

test("an account's panel takes the focus and returns it", async ({ page }) => {
  await showScene(page, 'sign-out');
  await expect(page.getByRole('region', { name: 'Sign out alice?' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(
    page.getByRole('button', { name: 'More actions for alice', exact: true }),
  ).toBeFocused();
  expect(await asked(page, 'account:sign-out')).toEqual([]);
});

test('an account on a dead server is forgotten in two clicks, with a warning about its session', async ({
  page,
}) => {
  await showScene(page, 'forget');
  await page.getByRole('button', { name: 'Forget', exact: true }).click();
  await expect(page.getByRole('contentinfo')).toContainText('did not end the session');
  expect(await asked(page, 'account:forget')).toEqual([['account:forget', 'account-leaving']]);
});

test('Details show the address of the account page, in case no browser opens', async ({ page }) => {
  await showScene(page, 'details');
  const fact = page.getByRole('region', { name: 'Details of alice' }).getByRole('definition');
  expect(await fact.allTextContents()).toContain(
    'https://auth.example.org/account/?action=org.matrix.devices_list',
  );
});

test('Escape goes back to the accounts, and from there hides the window', async ({ page }) => {
  await showScene(page, 'settings');
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Your Matrix ID or server')).toBeVisible();
  const before = await asked(page, 'window:hide');
  await page.keyboard.press('Escape');
  expect([before, await asked(page, 'window:hide')]).toEqual([[], [['window:hide']]]);
});

for (const name of ['welcome', 'accounts', 'settings']) {
  test(`the panel is hidden by its button and moved by its title bar: ${name}`, async ({
    page,
  }) => {
    await showScene(page, name);
    await page.getByRole('button', { name: 'Hide window' }).click();
    expect([await asked(page, 'window:hide'), await dragged(page)]).toEqual([
      [['window:hide']],
      { head: 'drag', buttons: ['no-drag'] },
    ]);
  });
}

test('an ordinary window has a frame instead', async ({ page }) => {
  await showScene(page, 'settings-bare');
  const hide = await page.getByRole('button', { name: 'Hide window' }).count();
  expect([hide, await dragged(page)]).toEqual([0, { head: 'none', buttons: ['none'] }]);
});

test('Escape does not hide the window on a desktop without a tray', async ({ page }) => {
  await showScene(page, 'settings-bare');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  expect(await asked(page, 'window:hide')).toEqual([]);
});

test('taking a suggestion moves the focus to the field', async ({ page }) => {
  await showScene(page, 'add-email');
  await page.getByRole('button', { name: 'Use @alice:example.org' }).press('Enter');
  await expect(page.getByLabel('Your Matrix ID or server')).toBeFocused();
});

test('resetting to defaults moves the focus to the summary', async ({ page }) => {
  await showScene(page, 'add-client');
  await page.getByRole('button', { name: 'Reset to defaults' }).press('Enter');
  await expect(page.locator('summary')).toBeFocused();
});

test('an outcome is shown in its view, and not in the next one', async ({ page }) => {
  await showScene(page, 'accounts-copied');
  const said = page.getByRole('contentinfo').getByText('Valid until');
  await expect(said).toBeVisible();
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(said).toBeHidden();
});

test('the outcome of a copy disappears when the token is cleared', async ({ page }) => {
  await showScene(page, 'accounts-copied');
  const edge = page.getByRole('contentinfo');
  await expect(edge).toContainText('Valid until');
  await page.evaluate(`gallery.push('accounts')`);
  await expect(edge).toBeHidden();
});

test('a copy without a time says when it is cleared: on Linux on sleep, elsewhere on screen lock', async ({
  page,
}) => {
  const edge = page.getByRole('contentinfo');
  await showScene(page, 'copied-stays-linux');
  const onLinux = await edge.textContent();
  await page.evaluate(`gallery.push('copied-stays-macos')`);
  await expect(edge).toContainText('lock the screen');
  expect([onLinux, await edge.textContent()]).toEqual([
    'On the clipboard: token for alice, until the computer sleeps or you quit Keyfob',
    'On the clipboard: token for alice, until you lock the screen or quit Keyfob',
  ]);
});

test('the tray opens a view by the fragment, also the same one twice', async ({ page }) => {
  await showScene(page, 'accounts');
  for (let time = 1; time <= 2; time += 1) {
    await page.evaluate(`location.hash = '#settings'`);
    await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeFocused();
    await page.getByRole('button', { name: 'Back' }).click();
    await expect(page.getByRole('heading', { name: 'Accounts', level: 1 })).toBeFocused();
  }
});

test('the code is selected and copied without its drawn gaps', async ({ page }) => {
  await showScene(page, 'login-waiting');
  await page.locator('.code-letters').click({ clickCount: 3 });
  expect(await page.evaluate('getSelection().toString()')).toBe('K7QD0R');
});

test('a link too long for a QR code has none', async ({ page }) => {
  const seen = [];
  for (const name of ['login-waiting', 'login-waiting-long-link']) {
    await showScene(page, name);
    const [code, words] = [page.locator('.qr'), page.getByText('Or scan with your phone')];
    seen.push([name, await code.count(), await words.count()]);
  }
  expect(seen).toEqual([
    ['login-waiting', 1, 1],
    ['login-waiting-long-link', 0, 0],
  ]);
});

test('text and ring of the countdown agree, second by second', async ({ page }) => {
  await showScene(page, 'login-waiting');
  for (let look = 0; look < 5; look += 1) {
    const [text, ring] = await page.evaluate<[string, string]>(`[
      document.querySelector('.time-left').textContent,
      document.querySelector('.ring-left').getAttribute('stroke-dasharray'),
    ]`);
    const [, minutes, seconds] = /^(\d+):(\d+) left$/.exec(text) ?? [];
    const [dash, whole] = ring.split(' ').map(Number);
    const ofRing = Math.round((1_200 * dash!) / whole!);
    expect(ofRing).toBe(Number(minutes) * 60 + Number(seconds));
    await page.clock.runFor(7_300);
  }
});

test('the inspector shows the sign-in and the time of each request', async ({ page }) => {
  await showScene(page, 'inspector-several');
  const headings = page.getByRole('main').getByRole('heading', { level: 2 });
  const all = await headings.allTextContents();
  const times = await page.locator('.exchange time').allTextContents();
  await page.getByLabel('Show').selectOption('Sign-in to @bob:chat.example.net');
  expect([all, times, await headings.allTextContents()]).toEqual([
    [
      'Sign-in to example.org: Discover',
      'Sign-in to @bob:chat.example.net: Discover',
      'Earlier sign-in: Register',
      'Signed-in accounts',
    ],
    ['10:40:00', '10:40:05', '10:40:10', '10:40:15', '10:40:20'],
    ['Discover'],
  ]);
});

test('the window requests a new snapshot after the machine slept', async ({ page }) => {
  await showScene(page, 'login-waiting');
  const before = await asked(page, 'app:snapshot');
  await page.clock.setSystemTime(Date.UTC(2026, 10, 23, 12, 0));
  await page.clock.runFor(1_000);
  expect((await asked(page, 'app:snapshot')).length).toBe(before.length + 1);
});

test('a sign-in that failed out of sight is listed until it is seen', async ({ page }) => {
  await showScene(page, 'login-several');
  await page.evaluate(`gallery.push('login-failed')`);
  const row = page.getByRole('button', { name: /does not support OAuth sign-in/ });
  await row.click();
  await expect(page.getByRole('heading', { name: 'Sign-in failed' })).toBeVisible();
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(page.getByText('No accounts yet.')).toBeVisible();
  await expect(row).toHaveCount(0);
});

test('a sign-in that needs a decision says so, and opens the question', async ({ page }) => {
  await showScene(page, 'login-several');
  const row = page.getByRole('button', { name: /^Sign-in to @alice:example.org/ });
  const words = await row.textContent();
  const looks = await row.locator('.badge').getAttribute('class');
  await row.click();
  await expect(page.getByRole('heading', { name: 'Someone else signed in' })).toBeVisible();
  expect([words, looks]).toEqual([
    'Sign-in to @alice:example.orgSomeone else signed in: your decision',
    'badge warn',
  ]);
});

test('a setting refused twice leaves the switch unchanged, and is announced twice', async ({
  page,
}) => {
  await showScene(page, 'settings-refused');
  await page.evaluate(`
    window.spoken = 0;
    new MutationObserver(() => (spoken += 1)).observe(
      document.querySelector('[role=status]'),
      { childList: true, characterData: true, subtree: true },
    );
  `);
  const start = page.getByRole('switch', { name: 'Start Keyfob at login' });
  const first = await start.isChecked();
  await start.click();
  await expect.poll(() => asked(page, 'settings:change')).toHaveLength(2);
  await expect(page.getByRole('contentinfo')).toContainText(
    "Couldn't change whether Keyfob starts at login.",
  );
  expect([first, await start.isChecked(), await page.evaluate('spoken')]).toEqual([
    false,
    false,
    1,
  ]);
});

test('a change is announced once, and ticking seconds are not', async ({ page }) => {
  await showScene(page, 'login-discovering');
  const voice = page.getByRole('status').first();
  await page.evaluate(`gallery.push('login-waiting')`);
  await expect(voice).toHaveText('Your code is K 7 Q D 0 R.');
  await page.clock.runFor(5_000);
  await expect(voice).toHaveText('Your code is K 7 Q D 0 R.');
  await page.clock.runFor(6_000);
  await expect(voice).toHaveText('');
});

test('the theme setting overrides the system', async ({ page }) => {
  await showScene(page, 'settings');
  await page.emulateMedia({ colorScheme: 'dark' });
  const ground = (): Promise<unknown> =>
    page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
  const bySystem = await ground();
  await page.evaluate(`gallery.push('settings-light')`);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  expect([bySystem, await ground()]).toEqual(['rgb(26, 27, 31)', 'rgb(245, 245, 247)']);
});

for (const name of ['accounts-troubled', 'login-waiting', 'settings', 'inspector-open']) {
  test(`${name} is accessible with high contrast and with forced colours`, async ({ page }) => {
    await showScene(page, name);
    await page.emulateMedia({ contrast: 'more', colorScheme: 'dark' });
    const contrast = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    await page.emulateMedia({ contrast: 'no-preference', forcedColors: 'active' });
    const forced = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect([contrast.violations, forced.violations]).toEqual([[], []]);
  });
}

async function showScene(page: Page, name: string): Promise<void> {
  const scene = SCENES.find((one) => one.name === name);
  if (scene === undefined) throw new Error(`There is no scene ${name}.`);
  await show(page, files, scene);
}

function item(page: Page, name: string): ReturnType<Page['getByRole']> {
  return page.getByRole('menuitem', { name });
}

/** The drag regions: the title bar, and its buttons. */
function dragged(page: Page): Promise<unknown> {
  return page.evaluate(`(() => {
    const by = (element) => getComputedStyle(element).getPropertyValue('-webkit-app-region');
    const buttons = [...document.querySelectorAll('.bar button')].map(by);
    return { head: by(document.querySelector('.bar')), buttons: [...new Set(buttons)] };
  })()`);
}

/** The window's requests on `channel`, in order. */
async function asked(page: Page, channel: string): Promise<readonly (readonly unknown[])[]> {
  const all = await page.evaluate<(readonly unknown[])[]>('gallery.asked');
  return all.filter(([name]) => name === channel);
}
