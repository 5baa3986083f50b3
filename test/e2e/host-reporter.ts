import type { Reporter } from '@playwright/test/reporter';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { findChromium } from '../../tools/standin/find-chromium.ts';
import { hostKind } from './host-kind.ts';

/** The Chromium version in each Electron that this project has used. */
const chromiumOfElectron: Readonly<Record<string, string>> = { '45.4.1': '156.0.8078.100' };

const notCovered = [
  "the tray's icon and menu as a desktop draws them",
  "placement, stacking and focus of real windows, and Chromium's title bars",
  'a real keyring, notification centre, browser, autostart entry and second display',
  "Electron's sandbox, its patches to Chromium, its fuses and its packaged form",
  'handles between windows, dialogs, downloads, updates and global shortcuts',
];

/** Reports at the end which host the specs ran on, and what that host can't cover. */
export default class HostReporter implements Reporter {
  onEnd(): void {
    const { version } = createRequire(import.meta.url)('electron/package.json') as {
      version: string; // npm's format
    };
    const carried = chromiumOfElectron[version] ?? 'not recorded here';
    const lines =
      hostKind() === 'electron'
        ? [`Host: Electron ${version}, Chromium ${carried}.`]
        : [
            `Host: the stand-in for Electron ${version}, on Node ${standinNode()}.`,
            `Chromium: ${installedChromium()} here, ${carried} in Electron ${version}.`,
            'Not covered on this host:',
            ...notCovered.map((what) => `  - ${what}`),
          ];
    process.stdout.write(`\n${lines.join('\n')}\n`);
  }

  printsToStdio(): boolean {
    return false;
  }
}

/** The Node that `bin/electron` runs, which may not be this one. */
function standinNode(): string {
  const node = process.env.STANDIN_NODE ?? 'node';
  return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().replace('v', '');
}

function installedChromium(): string {
  const executable = findChromium();
  if (executable === undefined) return 'none';
  const output = execFileSync(executable, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return /\d+(\.\d+)+/.exec(output)?.[0] ?? 'unknown';
}
