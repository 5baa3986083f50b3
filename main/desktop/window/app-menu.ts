/** A command of the system's or of Chromium's, by Electron's name. */
export type MenuRole = 'appMenu' | 'editMenu' | 'windowMenu' | 'resetZoom' | 'zoomIn' | 'zoomOut';

/** One entry of the application menu, as Electron's template takes it. */
export type AppMenuEntry =
  | { role: MenuRole; accelerator?: string; visible?: boolean }
  | { label: string; submenu: AppMenuEntry[] };

/** Larger text for whoever needs it. The hidden ones are keys: one entry has one key. */
const VIEW: AppMenuEntry = {
  label: 'View',
  submenu: [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    // Electron's own key for it is the plus sign, which many keyboards have on `=`, with Shift.
    hidden('zoomIn', '='),
    hidden('zoomIn', 'numadd'),
    hidden('zoomOut', 'numsub'),
    hidden('resetZoom', 'num0'),
  ],
};

/**
 * The menu whose keys work in every window. Nobody sees it where the window has no frame. macOS has copy
 * and paste, and a way to quit, only by a menu; elsewhere they work without. Nothing in it reloads the
 * page or opens developer tools.
 */
export function appMenu(platform: NodeJS.Platform): AppMenuEntry[] {
  if (platform !== 'darwin') return [VIEW];
  return [{ role: 'appMenu' }, { role: 'editMenu' }, VIEW, { role: 'windowMenu' }];
}

function hidden(role: MenuRole, key: string): AppMenuEntry {
  return { role, accelerator: `CommandOrControl+${key}`, visible: false };
}
