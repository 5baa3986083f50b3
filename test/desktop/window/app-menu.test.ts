import { expect, test } from 'vitest';
import { appMenu } from '../../../main/desktop/window/app-menu.ts';
import type { AppMenuEntry } from '../../../main/desktop/window/app-menu.ts';

const rolesOf = (entries: readonly AppMenuEntry[]): readonly string[] =>
  entries.flatMap((entry) => ('role' in entry ? [entry.role] : rolesOf(entry.submenu)));

test('appMenu() offers zoom everywhere, edit and quit on macOS, and nothing else', () => {
  const zoom = ['resetZoom', 'zoomIn', 'zoomOut', 'zoomIn', 'zoomIn', 'zoomOut', 'resetZoom'];
  const roles = (['linux', 'win32', 'darwin'] as const).map((platform) =>
    rolesOf(appMenu(platform)),
  );
  expect(roles).toEqual([zoom, zoom, ['appMenu', 'editMenu', ...zoom, 'windowMenu']]);
});

test('appMenu() also zooms in with the equals key, where many keyboards have the plus sign', () => {
  expect(JSON.stringify(appMenu('linux'))).toContain('"accelerator":"CommandOrControl+="');
});
