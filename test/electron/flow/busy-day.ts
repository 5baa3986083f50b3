/// <reference lib="dom" />
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Bridge } from '../../../preload/bridge.ts';
import { expect, test as base } from '../../e2e/fixture.ts';
import type { TestHomeserver } from '../../../tools/homeserver/homeserver.ts';
import { startHomeserver } from '../../../tools/homeserver/homeserver.ts';

declare global {
  interface Window {
    keyfob: Bridge;
  }
}

/** The ids of the app's accounts and login. */
export type Ids = Readonly<{
  /** Two accounts, and a third that was signed out and removed. */
  work: string;
  home: string;
  gone: string;
  /** A sign-in that waits for approval. */
  login: string;
}>;

/** The app after heavy use, so that every secret could have reached the window. */
export const test = base.extend<{ homeserver: TestHomeserver; ids: Ids }>({
  // Autostart files go into the app's folder too, so that the real desktop isn't touched.
  env: async ({ userData }, use) => use({ XDG_CONFIG_HOME: join(userData, 'config') }),
  page: async ({ electron }, use) => {
    const page = await electron.firstWindow();
    await expect(page.getByRole('main')).toBeVisible();
    await use(page);
  },
  homeserver: async ({}, use) => {
    const server = await startHomeserver({
      intervalS: 1,
      autoFillUserCode: true,
      users: ['alice', 'bob', 'carol'],
    });
    await use(server);
    await server.close();
  },
  ids: async ({ page, homeserver }, use) => {
    const work = await signIn(page, homeserver, 'work', 'alice');
    const home = await signIn(page, homeserver, 'home', 'bob');
    const gone = await signIn(page, homeserver, 'gone', 'carol');
    await useAccounts(page, [work, home]);
    await page.evaluate((id) => window.keyfob.signOut(id), gone);
    homeserver.autoApprove(null);
    const login = await startLogin(page, homeserver, 'third');
    await expect.poll(() => stepOf(page, login)).toBe('waiting');
    await lookAtEverything(page, login);
    await use({ work, home, gone, login });
  },
});

export { expect } from '../../e2e/fixture.ts';

/** The state that a compromised page must not change. */
export function stateOf(page: Page) {
  return page.evaluate(async () => {
    const { app, settings, shell } = await window.keyfob.snapshot();
    return {
      accounts: app.accounts.map(({ id, label, policy, userId }) => [id, label, policy, userId]),
      logins: app.logins.map(({ id, state }) => [id, state.step]),
      settings,
      notices: shell.notices,
    };
  });
}

/** Starts a sign-in and returns its id. */
export async function startLogin(
  page: Page,
  { baseUrl }: Pick<TestHomeserver, 'baseUrl'>,
  label: string,
): Promise<string> {
  const wish = { server: baseUrl, label, client: {} };
  const started = await page.evaluate((asked) => window.keyfob.startLogin(asked), wish);
  if (!started.ok) throw new Error(`the sign-in was refused: ${started.failure.code}`);
  return started.value.id;
}

/** A sign-in's step; undefined: it no longer exists. */
export function stepOf(page: Page, loginId: string): Promise<string | undefined> {
  return page.evaluate(async (id) => {
    const { app } = await window.keyfob.snapshot();
    return app.logins.find((login) => login.id === id)?.state.step;
  }, loginId);
}

async function signIn(
  page: Page,
  homeserver: TestHomeserver,
  label: string,
  localpart: string,
): Promise<string> {
  homeserver.autoApprove(localpart);
  const login = await startLogin(page, homeserver, label);
  await expect.poll(() => stepOf(page, login)).toBe('done');
  return page.evaluate(async (id) => {
    const { app } = await window.keyfob.snapshot();
    const state = app.logins.find((one) => one.id === id)?.state;
    return state?.step === 'done' ? state.accountId : '';
  }, login);
}

/** Refreshes, checks and copies, in every format. */
function useAccounts(page: Page, accountIds: readonly string[]): Promise<void> {
  return page.evaluate(async (ids) => {
    for (const id of ids) {
      await window.keyfob.refreshAccount(id);
      await window.keyfob.checkAccount(id);
      for (const format of ['token', 'header', 'env', 'curl', 'json'] as const) {
        await window.keyfob.copyAccount(id, format);
      }
    }
  }, accountIds);
}

/** Draws every view, and ends at the inspector with each exchange expanded. */
async function lookAtEverything(page: Page, loginId: string): Promise<void> {
  for (const view of ['settings', 'accounts', `login/${loginId}`, 'inspector']) {
    await page.evaluate((fragment) => {
      location.hash = fragment;
    }, view);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  }
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
}
