import type { Page } from '@playwright/test';
import { expect } from '../app-fixture.ts';

/** Enough stops to go once around any view. */
const MOST_STOPS = 24;

/** The focused element, by role and name: `button "Get a code"`; or `nothing`. `fold` stands for a summary. */
export async function focused(page: Page): Promise<string> {
  const element = page.locator(':focus');
  if ((await element.count()) === 0) return 'nothing';
  const fold = element.and(page.locator('summary'));
  if ((await fold.count()) > 0) return `fold "${await fold.innerText()}"`;
  const [line = ''] = (await element.ariaSnapshot()).split('\n');
  return /^- '?(\w+(?: "(?:\\.|[^"])*")?)/.exec(line)?.[1] ?? line;
}

/**
 * Presses Tab until `what` has the focus; returns every stop on the way. Each must visibly have the focus.
 * After the last one the page loses the focus, and starts again.
 */
export async function tabTo(page: Page, what: string): Promise<readonly string[]> {
  const stops: string[] = [];
  while (stops.length < MOST_STOPS) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    stops.push(at);
    if (at !== 'nothing') expect(await isSeen(page), `${at} shows its focus`).toBe(true);
    if (at === what) return stops;
  }
  throw new Error(`Tab does not lead to ${what}, but to ${stops.join(', ')}`);
}

/** Presses keys in order. */
export async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Tabs to `what` and presses Enter. */
export async function enter(page: Page, what: string): Promise<void> {
  await tabTo(page, what);
  await page.keyboard.press('Enter');
}

/** Waits until `what` has the focus, after a view has changed. */
export async function expectFocus(page: Page, what: string): Promise<void> {
  await expect.poll(() => focused(page)).toBe(what);
}

/** Whether the focused element, or the one drawn for it, has an outline. */
function isSeen(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const element = document.activeElement;
    const drawn = [element, element?.nextElementSibling ?? null];
    return drawn.some((one) => one !== null && getComputedStyle(one).outlineStyle !== 'none');
  });
}
