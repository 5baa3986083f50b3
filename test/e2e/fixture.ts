import { _electron, test as base } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { agent, Item, Keyring } from './agent.ts';
import { chooseHost, root } from './host-kind.ts';

// The only line that knows which host runs.
chooseHost();

type Agent = typeof agent;
type Bounds = Readonly<{ x: number; y: number; width: number; height: number }>;

/** The desktop around the app: what it shows there, and what a person does there. The same on both hosts. */
export type Host = Readonly<{
  tray(): Promise<{ tooltip: string; menu: readonly Item[] } | null>;
  clickTray(): Promise<void>;
  /** Takes the focus from the app's first window, as a click on another program does. */
  clickElsewhere(): Promise<void>;
  /** Follows ids or labels into submenus; refuses an item that is disabled or hidden. */
  clickMenu(...path: readonly string[]): Promise<void>;
  /** Every notification that was ever shown, in order. */
  notifications(): Promise<{ title: string; body: string }[]>;
  /** Those that were not withdrawn. */
  shownNotifications(): Promise<{ title: string; body: string }[]>;
  clickNotification(index: number): Promise<void>;
  /** Every write in order; null stands for a clearing. */
  copied(): Promise<(string | null)[]>;
  /** The formats of every write in order, by the names of Electron's clipboard items. */
  copiedFormats(): Promise<(readonly string[])[]>;
  /** The text that is there now. */
  clipboard(): Promise<string>;
  /** Plays another program that copies something. */
  setClipboard(text: string): Promise<void>;
  /** Every text that `safeStorage` was given to seal. */
  sealed(): Promise<string[]>;
  /** What a page would be granted by the app's handlers: each permission and device, when asked and before. */
  granted(): Promise<string[]>;
  /** What a browser would have been opened with. */
  opened(): Promise<string[]>;
  /** The last login item that the app asked for. */
  login(): Promise<{ openAtLogin?: boolean } | null>;
  power(event: Parameters<Agent['power']>[0]): Promise<void>;
  /** The app's first window; null: it has none. */
  window(): Promise<{ visible: boolean; bounds: Bounds; url: string } | null>;
  /** Starts the app once more beside itself and waits until that ends. */
  secondInstance(...args: readonly string[]): Promise<number | null>;
  /** Everything that the app wrote to stderr since it was started. */
  stderr(): string;
}>;

type Options = {
  /** The app's folder; `E2E_APP` names another one than ours. */
  app: string;
  /** Added to the environment. */
  env: Record<string, string>;
  /** Added to the command line, after the app. */
  args: readonly string[];
  /** How `safeStorage` behaves. */
  keyring: Keyring;
};

type Fixtures = {
  /** A fresh folder for everything that the app keeps; it is also the value of `KEYFOB_HOME`. */
  userData: string;
  electron: ElectronApplication;
  /** The app's first window, its document loaded. */
  page: Page;
  host: Host;
  /** Not for specs: the environment of both instances, and what was written to stderr. */
  surroundings: Readonly<{ env: Record<string, string>; errors: string[] }>;
};

export const test = base.extend<Options & Fixtures>({
  app: [process.env.E2E_APP ?? root, { option: true }],
  env: [{}, { option: true }],
  args: [[], { option: true }],
  keyring: ['gnome_libsecret', { option: true }],

  userData: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'keyfob-e2e-'));
    await use(folder);
    // The browser's own processes may write for a moment after the app has ended.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  },

  surroundings: async ({ env, keyring, userData }, use, testInfo) => {
    const own = { KEYFOB_HOME: userData, E2E_KEYRING: keyring };
    const errors: string[] = [];
    await use({ env: { ...currentEnvironment(), ...own, ...env }, errors });
    if (testInfo.status === testInfo.expectedStatus) return;
    await testInfo.attach('stderr', { body: errors.join(''), contentType: 'text/plain' });
  },

  electron: async ({ app, args, surroundings: { env, errors } }, use) => {
    // No executablePath: only without one does Playwright hold back `ready` until it has attached.
    const electron = await _electron.launch({
      args: ['-r', join(root, 'out/standin/agent.cjs'), app, ...args],
      env,
      colorScheme: null,
      timeout: 40_000,
    });
    electron.process().stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    await use(electron);
    await electron.close();
  },

  page: async ({ electron }, use) => {
    const page = await electron.firstWindow();
    // A window is there before its document is.
    await page.waitForURL((url) => url.href !== 'about:blank');
    await use(page);
  },

  host: async ({ electron, app, surroundings: { env, errors } }, use) => {
    await use(hostOf(electron, app, env, errors));
  },
});

export { expect } from '@playwright/test';

/** The desktop around an app that was started by hand; the fixture has its own. */
export function hostOf(
  electron: ElectronApplication,
  app: string,
  env: Record<string, string>,
  errors: readonly string[],
): Host {
  const ask = <K extends keyof Agent>(
    name: K,
    ...args: Parameters<Agent[K]>
  ): Promise<Awaited<ReturnType<Agent[K]>>> =>
    electron.evaluate(
      (_, [key, values]) => {
        const { testAgent } = globalThis as unknown as { testAgent: Record<string, never> }; // set by agent.ts
        return (testAgent[key] as unknown as (...list: unknown[]) => never)(...values); // by its name: K
      },
      [name, args] as [string, unknown[]], // as plain data
    );
  return {
    tray: () => ask('tray'),
    clickTray: () => ask('clickTray'),
    clickElsewhere: () => ask('clickElsewhere'),
    clickMenu: (...path) => ask('clickMenu', path),
    notifications: () => ask('notifications'),
    shownNotifications: () => ask('shownNotifications'),
    clickNotification: (index) => ask('clickNotification', index),
    copied: () => ask('copied'),
    copiedFormats: () => ask('copiedFormats'),
    clipboard: () => ask('clipboard'),
    setClipboard: (text) => ask('setClipboard', text),
    sealed: () => ask('sealed'),
    granted: () => ask('granted'),
    opened: () => ask('opened'),
    login: () => ask('login'),
    power: (event) => ask('power', event),
    window: () => ask('window'),
    secondInstance: (...args) => runOnce([app, ...args], env),
    stderr: () => errors.join(''),
  };
}

function runOnce(args: readonly string[], env: Record<string, string>): Promise<number | null> {
  const executable = createRequire(import.meta.url)('electron') as unknown as string; // outside Electron: its path
  return new Promise((resolve, reject) => {
    spawn(executable, ['--no-sandbox', ...args], { env, stdio: 'ignore' })
      .once('exit', resolve)
      .once('error', reject);
  });
}

function currentEnvironment(): Record<string, string> {
  const defined = Object.entries(process.env).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as Record<string, string>; // filtered just now
}
