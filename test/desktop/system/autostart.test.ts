import { expect, test } from 'vitest';
import {
  isSwitchedOn,
  planAutostart,
  renewedEntry,
} from '../../../main/desktop/system/autostart.ts';
import type { Program } from '../../../main/desktop/system/autostart.ts';

const linux: Program = {
  platform: 'linux',
  execPath: '/opt/Keyfob/keyfob-desktop',
  appPath: null,
  env: {},
  home: '/home/alice',
};
const ON = { startAtLogin: true };

function execLine(program: Partial<Program>): string | undefined {
  const plan = planAutostart(ON, { ...linux, ...program });
  return plan.kind === 'file' ? /^Exec=(.*)$/m.exec(plan.content ?? '')?.[1] : undefined;
}

test('planAutostart() on Linux writes a desktop entry that starts hidden, and removes it when turned off', () => {
  const plans = [ON, { startAtLogin: false }].map((wish) => planAutostart(wish, linux));
  expect(plans).toEqual([
    {
      kind: 'file',
      path: '/home/alice/.config/autostart/keyfob.desktop',
      content: `[Desktop Entry]
Type=Application
Name=Keyfob
Comment=Keeps the tokens of your Matrix accounts fresh
Exec=/opt/Keyfob/keyfob-desktop --hidden
Icon=keyfob-desktop
Terminal=false
StartupNotify=false
X-GNOME-Autostart-enabled=true
`,
    },
    { kind: 'file', path: '/home/alice/.config/autostart/keyfob.desktop', content: null },
  ]);
});

test.each<[string, Partial<Program>, string]>([
  [
    'an AppImage is named, not its mount',
    { execPath: '/tmp/.mount_k/keyfob', env: { APPIMAGE: '/home/alice/Apps/Keyfob.AppImage' } },
    '/home/alice/Apps/Keyfob.AppImage --hidden',
  ],
  [
    'what is not packaged gets the app as well',
    { execPath: '/e/electron', appPath: '/src/keyfob' },
    '/e/electron /src/keyfob --hidden',
  ],
  [
    'what a desktop entry would read as something else is escaped twice',
    { execPath: '/opt/My "Apps"/50% $HOME \\ `k`/keyfob' },
    '"/opt/My \\\\"Apps\\\\"/50%% \\\\$HOME \\\\\\\\ \\\\`k\\\\`/keyfob" --hidden',
  ],
])('planAutostart: %s', (_what, program, line) => {
  expect(execLine(program)).toBe(line);
});

test('planAutostart() uses XDG_CONFIG_HOME only if it is absolute', () => {
  const pathWith = (folder: string) => {
    const plan = planAutostart(ON, { ...linux, env: { XDG_CONFIG_HOME: folder } });
    return plan.kind === 'file' ? plan.path : null;
  };
  expect([pathWith('/cfg'), pathWith('cfg')]).toEqual([
    '/cfg/autostart/keyfob.desktop',
    '/home/alice/.config/autostart/keyfob.desktop',
  ]);
});

test("planAutostart() uses login items on macOS and Windows, and says where it can't work", () => {
  const path = 'C:\\Keyfob\\Keyfob.exe';
  expect([
    planAutostart(ON, { ...linux, platform: 'win32', execPath: path }),
    planAutostart(ON, { ...linux, platform: 'win32', execPath: path, appPath: 'C:\\My apps\\k' }),
    planAutostart(ON, { ...linux, env: { FLATPAK_ID: 'x' } }).kind,
    planAutostart(ON, { ...linux, env: { SNAP: '/snap/x' } }).kind,
  ]).toEqual([
    { kind: 'login-item', openAtLogin: true, path, args: ['--hidden'] },
    { kind: 'login-item', openAtLogin: true, path, args: ['"C:\\My apps\\k"', '--hidden'] },
    'impossible',
    'impossible',
  ]);
});

test('renewedEntry() follows an updated or moved AppImage, and keeps what the desktop added', () => {
  const at = (image: string) => planAutostart(ON, { ...linux, env: { APPIMAGE: image } });
  const before = at('/apps/keyfob-0.1.0.AppImage');
  const entry = before.kind === 'file' ? `${before.content}Hidden=true\n` : '';
  expect([
    renewedEntry(entry, before),
    renewedEntry(entry, at('/apps/keyfob-$&.AppImage')),
    renewedEntry(entry, planAutostart({ startAtLogin: false }, linux)),
    renewedEntry(entry, planAutostart(ON, { ...linux, platform: 'darwin' })),
  ]).toEqual([
    null,
    entry.replace('/apps/keyfob-0.1.0.AppImage', () => '"/apps/keyfob-\\\\$&.AppImage"'),
    null,
    null,
  ]);
});

test('isSwitchedOn() recognises every way a desktop disables an entry', () => {
  const plan = planAutostart(ON, linux);
  const entry = plan.kind === 'file' ? (plan.content ?? '') : '';
  const off = entry.replace('enabled=true', 'enabled=false');
  const entries = [entry, `${entry}Hidden=true\n`, off, `${entry}Hidden=false\n`];
  expect(entries.map(isSwitchedOn)).toEqual([true, false, false, true]);
});
