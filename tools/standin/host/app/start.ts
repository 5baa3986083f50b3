import { join } from 'node:path';
import { findChromium } from '../../find-chromium.ts';
import { announceReady, app } from './app.ts';
import { pathOf } from './app-paths.ts';
import { Chromium } from '../window/chromium.ts';
import { refuseDownloads } from '../session/downloads.ts';
import { openPanel } from '../system/panel.ts';
import { refusePopups } from '../window/popups.ts';
import { sayVersions } from './process-face.ts';
import { running } from './running.ts';
import { hasPanel, isVisibleHost } from '../window/visible.ts';

/** Features of Chromium as a browser that an app's window doesn't have. */
const disabledFeatures = ['Translate', 'MediaRouter', 'OptimizationHints'];

/** Starts Chromium, then emits `ready`, unless the app has quit in the meantime. */
export async function start(): Promise<void> {
  if (running.exiting) return;
  const executable = findChromium();
  if (executable === undefined) {
    throw new Error('electron stand-in: no Chromium found; install one or set CHROMIUM_PATH');
  }
  const browser = new Chromium(executable, browserArguments());
  running.chromium = browser;
  void browser.ended.then((code) => {
    if (running.exiting) return;
    process.stderr.write(`electron stand-in: Chromium exited (${String(code)})\n`);
    app.exit(1);
  });
  const { product } = await browser.session().send('Browser.getVersion');
  sayVersions(product.replace(/^.*\//, ''));
  await refuseDownloads(browser.session());
  await refusePopups(browser);
  if (hasPanel) await openPanel();
  announceReady();
}

function browserArguments(): string[] {
  const own = new Map([
    ['user-data-dir', join(pathOf('userData'), 'standin-chromium')],
    ['password-store', 'basic'],
    ['no-first-run', ''],
    ['no-default-browser-check', ''],
    ['no-startup-window', ''],
    ['allow-file-access-from-files', ''],
    ['disable-background-networking', ''],
    ['disable-breakpad', ''],
    ['disable-component-update', ''],
    ['disable-gpu', ''],
    ['disable-sync', ''],
  ]);
  if (!isVisibleHost) own.set('headless', 'new');
  // Chromium refuses to run as root unless its sandbox is off.
  if (process.getuid?.() === 0) own.set('no-sandbox', '');
  const features = [running.switches.get('disable-features'), ...disabledFeatures];
  const all = new Map([...own, ...running.switches]);
  all.set('disable-features', features.filter((feature) => feature !== undefined).join(','));
  return Array.from(all, ([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`));
}
