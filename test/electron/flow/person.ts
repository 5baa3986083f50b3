import type { Page } from '@playwright/test';
import type { TestHomeserver } from '../../../tools/homeserver/homeserver.ts';
import { expect } from '../app-fixture.ts';

/** The members of a device answer that reach a person. */
export type DeviceAnswer = Readonly<{
  user_code: string;
  verification_uri: string;
  verification_uri_complete?: string;
}>;

/** Every device answer from now on, as the homeserver sends it. */
export function deviceAnswers({ faults }: TestHomeserver): readonly DeviceAnswer[] {
  const answers: DeviceAnswer[] = [];
  const patch = (answer: Readonly<Record<string, unknown>>) => {
    answers.push(answer as DeviceAnswer); // RFC 8628 §3.2, and our own homeserver
    return answer;
  };
  faults.always('device-authorization', { patch });
  return answers;
}

/** Notes every text that `selector` shows from now on; gives back what was noted so far, in order. */
export async function noteTexts(page: Page, selector: string): Promise<() => Promise<string[]>> {
  const notes = await page.evaluateHandle((selected) => {
    const seen: string[] = [];
    const look = () => {
      const text = document.querySelector<HTMLElement>(selected)?.innerText;
      if (text !== undefined && text !== seen.at(-1)) seen.push(text);
    };
    new MutationObserver(look).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    });
    look();
    return seen;
  }, selector);
  return () => notes.jsonValue();
}

/** Types `server` where the window asks for one, and asks for a code. */
export async function askForCode(page: Page, server: string): Promise<void> {
  await page.getByLabel('Your Matrix ID or server').click();
  await page.keyboard.type(server);
  await page.getByRole('button', { name: 'Get a code' }).click();
}

/** The code that the window shows, once it does. */
export async function shownCode(page: Page): Promise<string> {
  const code = page.getByRole('region', { name: 'Your code' }).locator('.code-letters');
  return (await code.textContent()) ?? '';
}

/** Signs `localpart` in from the view that is there, up to the accounts. */
export async function signIn(
  page: Page,
  homeserver: TestHomeserver,
  localpart = 'alice',
): Promise<void> {
  homeserver.autoApprove(localpart);
  await askForCode(page, homeserver.serverName);
  await page.getByRole('button', { name: 'Go to accounts' }).click();
  await expect(account(page, localpart)).toBeVisible();
}

/** The card of an account. */
export function account(page: Page, label: string): ReturnType<Page['getByRole']> {
  return page.getByRole('article', { name: label, exact: true });
}

/** Picks from the menu with everything that can be done with an account. */
export async function pick(page: Page, label: string, words: string): Promise<void> {
  await page.getByRole('button', { name: `More actions for ${label}`, exact: true }).click();
  await page.getByRole('menu').getByText(words, { exact: true }).click();
}
