import type { Page } from '@playwright/test';
import { troublePage } from '../../main/desktop/unlock/unlock-page.ts';
import type { UnlockPage } from '../../main/desktop/unlock/unlock-page.ts';
import { UNLOCK_HEADERS, unlockHtml, workingHtml } from '../../main/desktop/unlock/unlock-html.ts';
import { backendText } from '../../main/desktop/unlock/keychain.ts';
import type { Looks } from './gallery-page.ts';

/** An unlock page. */
export type UnlockScene = Readonly<{ name: string; html: string }>;

const ADDRESS = 'http://unlock.test/';

const NO_KEYCHAIN = `No system keychain is available to protect your sessions. Found: ${backendText('basic_text', 'linux')}.`;

/** Every unlock page. */
export const UNLOCK_SCENES: readonly UnlockScene[] = [
  scene('unlock-choose', { kind: 'choose', message: NO_KEYCHAIN, problem: null }),
  scene('unlock-choose-again', {
    kind: 'choose',
    message: NO_KEYCHAIN,
    problem: "The passphrases don't match.",
  }),
  scene('unlock-passphrase', { kind: 'passphrase', problem: null }),
  scene('unlock-passphrase-again', {
    kind: 'passphrase',
    problem: 'Wrong passphrase. Nothing was changed.',
  }),
  scene(
    'unlock-trouble',
    troublePage({ code: 'vault-locked' }, { kind: 'missing', backend: 'basic_text' }, 'linux'),
  ),
  { name: 'unlock-working', html: workingHtml() },
];

/** Shows `scene` in `page` as the app would, under its content security policy. */
export async function showUnlockPage(page: Page, { html }: UnlockScene): Promise<void> {
  await page.route(`${ADDRESS}**`, (route) =>
    route.fulfill({ body: html, headers: UNLOCK_HEADERS }),
  );
  await page.goto(ADDRESS);
}

/** Changes how the page is displayed. */
export async function setUnlockLooks(page: Page, { theme, text }: Looks): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate(`document.documentElement.style.fontSize = '${0.9375 * text}%'`);
}

function scene(name: string, page: UnlockPage): UnlockScene {
  return { name, html: unlockHtml(page, 'a key') };
}
