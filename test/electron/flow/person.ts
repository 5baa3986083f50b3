import type { Page } from '@playwright/test';
import type { TestHomeserver } from '../../../tools/homeserver/homeserver.ts';
import { expect } from '../app-fixture.ts';

/** The fields of a device authorization response that a person sees. */
export type DeviceAnswer = Readonly<{
  user_code: string;
  verification_uri: string;
  verification_uri_complete?: string;
}>;

/** Records every device authorization response from now on, as the homeserver sends it. */
export function deviceAnswers({ faults }: TestHomeserver): readonly DeviceAnswer[] {
  const answers: DeviceAnswer[] = [];
  const patch = (answer: Readonly<Record<string, unknown>>) => {
    answers.push(answer as DeviceAnswer); // RFC 8628 §3.2, and our own homeserver
    return answer;
  };
  faults.always('device-authorization', { patch });
  return answers;
}

/** Records every text of `selector` from now on; the returned function gives those so far, in order. */
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

/** Types `server` into the form and requests a code. */
export async function askForCode(page: Page, server: string): Promise<void> {
  await page.getByLabel('Your Matrix ID or server').click();
  await page.keyboard.type(server);
  await page.getByRole('button', { name: 'Get a code' }).click();
}

/** Waits for the shown code and returns it. */
export async function shownCode(page: Page): Promise<string> {
  const code = page.getByRole('region', { name: 'Your code' }).locator('.code-letters');
  return (await code.textContent()) ?? '';
}

/** Signs `localpart` in from the current view, and goes to the accounts. */
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

/** An account's card. */
export function account(page: Page, label: string): ReturnType<Page['getByRole']> {
  return page.getByRole('article', { name: label, exact: true });
}

/** Picks an item from an account's menu. */
export async function pick(page: Page, label: string, words: string): Promise<void> {
  await page.getByRole('button', { name: `More actions for ${label}`, exact: true }).click();
  await page.getByRole('menu').getByText(words, { exact: true }).click();
}
