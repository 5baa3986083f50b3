import type { Page } from '@playwright/test';
import { join } from 'node:path';
import type { Bridge } from '../../../preload/bridge.ts';
import type {
  AccountSnapshot,
  LoginSnapshot,
  LoginStateSnapshot,
} from '../../../common/snapshots.ts';
import { expect, test as base } from '../../e2e/fixture.ts';
import type { TestHomeserver } from '../../../tools/homeserver/homeserver.ts';
import { startHomeserver } from '../../../tools/homeserver/homeserver.ts';

declare global {
  interface Window {
    keyfob: Bridge;
  }
}

type Waiting = Extract<LoginStateSnapshot, { step: 'waiting' }>;

/** The app with its window drawn, beside a homeserver that answers polls every second. */
export const test = base.extend<{ homeserver: TestHomeserver }>({
  // Autostart files go into the app's folder too, so that the real desktop isn't touched.
  env: async ({ userData }, use) => use({ XDG_CONFIG_HOME: join(userData, 'config') }),
  page: async ({ electron }, use) => {
    const page = await electron.firstWindow();
    await expect(page.getByRole('main')).toBeVisible();
    await use(page);
  },
  homeserver: async ({}, use) => {
    const server = await startHomeserver({ intervalS: 1 });
    await use(server);
    await server.close();
  },
});

/** The current snapshot. */
export function snapshotOf(page: Page): ReturnType<Bridge['snapshot']> {
  return page.evaluate(() => window.keyfob.snapshot());
}

/** Starts a sign-in and waits until it asks for approval. */
export async function startLogin(
  page: Page,
  { baseUrl }: TestHomeserver,
): Promise<LoginSnapshot & { state: Waiting }> {
  await page.evaluate(
    (server) => window.keyfob.startLogin({ server, label: 'work', client: {} }),
    baseUrl,
  );
  const login = async () => (await snapshotOf(page)).app.logins[0];
  await expect.poll(async () => (await login())?.state.step).toBe('waiting');
  return (await login()) as LoginSnapshot & { state: Waiting }; // as it was just now
}

/** Signs in a user who approves at once. */
export async function signIn(page: Page, homeserver: TestHomeserver): Promise<AccountSnapshot> {
  const { state } = await startLogin(page, homeserver);
  homeserver.approve(state.userCode, 'alice');
  const account = async () => (await snapshotOf(page)).app.accounts[0];
  await expect.poll(async () => (await account())?.state.kind).toBe('active');
  return (await account())!; // it was there just now
}
