import type { Page } from '@playwright/test';
import { troublePage } from '../../main/desktop/unlock/unlock-page.ts';
import type { UnlockPage } from '../../main/desktop/unlock/unlock-page.ts';
import { UNLOCK_HEADERS, unlockHtml, workingHtml } from '../../main/desktop/unlock/unlock-html.ts';
import { backendText } from '../../main/desktop/unlock/key-storage.ts';
import type { Looks } from './gallery-page.ts';

/** One page before the vault is open. */
export type DoorScene = Readonly<{ name: string; html: string }>;

const ADDRESS = 'http://door.test/';

const NO_KEYCHAIN = `No system keychain is available to protect your sessions (found: ${backendText('basic_text', 'linux')}).`;

/** Every page before the vault is open. */
export const DOOR_SCENES: readonly DoorScene[] = [
  scene('door-choose', { kind: 'choose', message: NO_KEYCHAIN, problem: null }),
  scene('door-choose-again', {
    kind: 'choose',
    message: NO_KEYCHAIN,
    problem: "The passphrases don't match.",
  }),
  scene('door-passphrase', { kind: 'passphrase', problem: null }),
  scene('door-passphrase-again', {
    kind: 'passphrase',
    problem: 'Wrong passphrase. Nothing was changed.',
  }),
  scene(
    'door-trouble',
    troublePage({ code: 'vault-locked' }, { kind: 'missing', backend: 'basic_text' }, 'linux'),
  ),
  { name: 'door-working', html: workingHtml() },
];

/** Shows `scene` in `page` as the app would, under its content security policy. */
export async function showDoor(page: Page, { html }: DoorScene): Promise<void> {
  await page.route(`${ADDRESS}**`, (route) =>
    route.fulfill({ body: html, headers: UNLOCK_HEADERS }),
  );
  await page.goto(ADDRESS);
}

/** Changes how the page is looked at. */
export async function lookAtDoor(page: Page, { theme, text }: Looks): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate(`document.documentElement.style.fontSize = '${0.9375 * text}%'`);
}

function scene(name: string, page: UnlockPage): DoorScene {
  return { name, html: unlockHtml(page, 'a key') };
}
