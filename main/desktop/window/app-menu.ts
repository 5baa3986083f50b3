/** A standard menu or command, by Electron's name. */
export type MenuRole = 'appMenu' | 'editMenu' | 'windowMenu' | 'resetZoom' | 'zoomIn' | 'zoomOut';

/** One entry of the application menu, in the format of Electron's template. */
export type AppMenuEntry =
  | { role: MenuRole; accelerator?: string; visible?: boolean }
  | { label: string; submenu: AppMenuEntry[] };

/** Zoom. The hidden entries only add keys, as an entry can have just one. */
const VIEW: AppMenuEntry = {
  label: 'View',
  submenu: [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    // Electron's default key is the plus sign, which many keyboards have on `=` with Shift.
    hidden('zoomIn', '='),
    hidden('zoomIn', 'numadd'),
    hidden('zoomOut', 'numsub'),
    hidden('resetZoom', 'num0'),
  ],
};

/**
 * The application menu, whose keys work in every window. Frameless windows don't show it. On macOS copy,
 * paste and quit work only through a menu. It has no entries to reload the page or open developer tools.
 */
export function appMenu(platform: NodeJS.Platform): AppMenuEntry[] {
  if (platform !== 'darwin') return [VIEW];
  return [{ role: 'appMenu' }, { role: 'editMenu' }, VIEW, { role: 'windowMenu' }];
}

function hidden(role: MenuRole, key: string): AppMenuEntry {
  return { role, accelerator: `CommandOrControl+${key}`, visible: false };
}
