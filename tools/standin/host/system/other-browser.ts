import { join } from 'node:path';
import { findChromium } from '../../find-chromium.ts';
import { pathOf } from '../app/app-paths.ts';
import { Chromium } from '../window/chromium.ts';
import { debug, running } from '../app/running.ts';
import { isVisibleHost } from '../window/visible.ts';

/**
 * Opens an address as the person's browser would: beside the Chromium that shows the app's windows, and held by
 * none of the rules and switches that the app gave to that one.
 */
export function openInOtherBrowser(url: string): void {
  running.otherBrowser ??= startOtherBrowser();
  const page = { url, newWindow: true };
  running.otherBrowser?.session().send('Target.createTarget', page).catch(debug);
}

function startOtherBrowser(): Chromium | undefined {
  const executable = findChromium();
  if (executable === undefined) return undefined; // nothing runs without one
  const browser = new Chromium(executable, [
    `--user-data-dir=${join(pathOf('userData'), 'standin-browser')}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--no-startup-window',
    ...(isVisibleHost ? [] : ['--headless=new']),
    // Chromium refuses to run as root with its sandbox.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ]);
  void browser.ended.then(() => {
    running.otherBrowser = undefined;
  });
  return browser;
}
