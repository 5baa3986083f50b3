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

// The only line that depends on the host.
chooseHost();

type Agent = typeof agent;
type Bounds = Readonly<{ x: number; y: number; width: number; height: number }>;

/** The desktop around the app: what the app shows there, and what a person does there. The same on both hosts. */
export type Host = Readonly<{
  tray(): Promise<{ tooltip: string; menu: readonly Item[] } | null>;
  clickTray(): Promise<void>;
  /** Takes the focus from the app's first window, as a click on another program does. */
  clickElsewhere(): Promise<void>;
  /** Follows ids or labels into submenus; throws for a disabled or hidden item. */
  clickMenu(...path: readonly string[]): Promise<void>;
  /** Every notification that was ever shown, in order. */
  notifications(): Promise<{ title: string; body: string }[]>;
  /** The notifications that were not withdrawn. */
  shownNotifications(): Promise<{ title: string; body: string }[]>;
  clickNotification(index: number): Promise<void>;
  /** Every write in order; null: the clipboard was cleared. */
  copied(): Promise<(string | null)[]>;
  /** The formats of every write in order, by the names of Electron's clipboard items. */
  copiedFormats(): Promise<(readonly string[])[]>;
  /** The current text. */
  clipboard(): Promise<string>;
  /** Copies a text as another program would. */
  setClipboard(text: string): Promise<void>;
  /** Every text that `safeStorage` encrypted. */
  sealed(): Promise<string[]>;
  /** What the app's handlers grant a page: each permission and device, on request and on check. */
  granted(): Promise<string[]>;
  /** The addresses that were opened in the browser. */
  opened(): Promise<string[]>;
  /** The last login item that the app set. */
  login(): Promise<{ openAtLogin?: boolean } | null>;
  power(event: Parameters<Agent['power']>[0]): Promise<void>;
  /** The app's first window; null: it has none. */
  window(): Promise<{ visible: boolean; bounds: Bounds; url: string } | null>;
  /** Starts a second instance and waits until it exits. */
  secondInstance(...args: readonly string[]): Promise<number | null>;
  /** Everything the app has written to stderr. */
  stderr(): string;
}>;

type Options = {
  /** The app's folder; `E2E_APP` overrides it. */
  app: string;
  /** Added to the environment. */
  env: Record<string, string>;
  /** Added to the command line, after the app. */
  args: readonly string[];
  /** How `safeStorage` behaves. */
  keyring: Keyring;
};

type Fixtures = {
  /** A fresh folder for all of the app's data; also the value of `KEYFOB_HOME`. */
  userData: string;
  electron: ElectronApplication;
  /** The app's first window, its document loaded. */
  page: Page;
  host: Host;
  /** Not for specs: the environment of both instances, and the app's stderr. */
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
    // The browser's processes may write for a moment after the app has exited.
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
    // No executablePath: Playwright delays `ready` until it has attached only without one.
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
    // A window exists before its document.
    await page.waitForURL((url) => url.href !== 'about:blank');
    await use(page);
  },

  host: async ({ electron, app, surroundings: { env, errors } }, use) => {
    await use(hostOf(electron, app, env, errors));
  },
});

export { expect } from '@playwright/test';

/** The desktop of an app that a spec started itself; the fixture has its own. */
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
