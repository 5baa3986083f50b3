import { join } from 'node:path';
import { findChromium } from '../../find-chromium.ts';
import { pathOf } from '../app/app-paths.ts';
import { Chromium } from '../window/chromium.ts';
import { debug, running } from '../app/running.ts';
import { isVisibleHost } from '../window/visible.ts';

/**
 * Opens an address like the user's own browser: in a separate Chromium that has none of the rules and switches
 * that the app set for the one showing its windows.
 */
export function openInOtherBrowser(url: string): void {
  running.otherBrowser ??= startOtherBrowser();
  const page = { url, newWindow: true };
  running.otherBrowser?.session().send('Target.createTarget', page).catch(debug);
}

function startOtherBrowser(): Chromium | undefined {
  const executable = findChromium();
  if (executable === undefined) return undefined; // without Chromium, the app doesn't run either
  const browser = new Chromium(executable, [
    `--user-data-dir=${join(pathOf('userData'), 'standin-browser')}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--no-startup-window',
    ...(isVisibleHost ? [] : ['--headless=new']),
    // Chromium refuses to run as root unless its sandbox is off.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ]);
  void browser.ended.then(() => {
    running.otherBrowser = undefined;
  });
  return browser;
}
