import { app } from '../app/app.ts';
import { focusedWindow } from '../window/window-list.ts';

const labels: Readonly<Record<string, string>> = {
  about: 'About',
  close: 'Close Window',
  copy: 'Copy',
  cut: 'Cut',
  editMenu: 'Edit',
  hide: 'Hide',
  hideOthers: 'Hide Others',
  minimize: 'Minimize',
  paste: 'Paste',
  quit: 'Quit',
  redo: 'Redo',
  reload: 'Reload',
  resetZoom: 'Actual Size',
  selectAll: 'Select All',
  services: 'Services',
  toggleDevTools: 'Toggle Developer Tools',
  togglefullscreen: 'Toggle Full Screen',
  undo: 'Undo',
  unhide: 'Show All',
  viewMenu: 'View',
  windowMenu: 'Window',
  zoomIn: 'Zoom In',
  zoomOut: 'Zoom Out',
  appMenu: 'App',
};

function zoomBy(levels: number): void {
  const contents = focusedWindow()?.webContents;
  contents?.setZoomLevel(contents.getZoomLevel() + levels);
}

const actions: Readonly<Record<string, () => void>> = {
  quit: () => app.quit(),
  close: () => focusedWindow()?.close(),
  minimize: () => focusedWindow()?.minimize(),
  reload: () => focusedWindow()?.reload(),
  resetZoom: () => focusedWindow()?.webContents.setZoomLevel(0),
  zoomIn: () => zoomBy(0.5),
  zoomOut: () => zoomBy(-0.5),
};

/** @throws Error for a role that Electron or the stand-in lacks */
export function labelOfRole(role: string | undefined): string {
  if (role === undefined) return '';
  const label = labels[role];
  if (label === undefined) throw new Error(`electron stand-in: the role '${role}' is not provided`);
  return label;
}

/** Performs the role's action. @throws Error for a role that is only displayed */
export function runRole(role: string): void {
  const action = actions[role];
  if (action === undefined) {
    throw new Error(`electron stand-in: choosing the role '${role}' is not provided`);
  }
  action();
}
