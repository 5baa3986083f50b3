import { expect, test } from 'vitest';
import { appMenu } from '../../../main/desktop/window/app-menu.ts';
import type { AppMenuEntry } from '../../../main/desktop/window/app-menu.ts';

const rolesOf = (entries: readonly AppMenuEntry[]): readonly string[] =>
  entries.flatMap((entry) => ('role' in entry ? [entry.role] : rolesOf(entry.submenu)));

test('appMenu lets text be enlarged everywhere, edits and quits on macOS, and does nothing else', () => {
  const zoom = ['resetZoom', 'zoomIn', 'zoomOut', 'zoomIn', 'zoomIn', 'zoomOut', 'resetZoom'];
  const roles = (['linux', 'win32', 'darwin'] as const).map((platform) =>
    rolesOf(appMenu(platform)),
  );
  expect(roles).toEqual([zoom, zoom, ['appMenu', 'editMenu', ...zoom, 'windowMenu']]);
});

test('appMenu has a key for the equals sign, where many keyboards have the plus', () => {
  expect(JSON.stringify(appMenu('linux'))).toContain('"accelerator":"CommandOrControl+="');
});
