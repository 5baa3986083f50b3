import type { BrowserWindow } from './browser-window.ts';
import type { WebContents } from './web-contents.ts';

/** The windows that are not destroyed, oldest first. */
export const windows = new Map<number, BrowserWindow>();

/** The contents of those windows. */
export const allContents = new Map<number, WebContents>();

/** The contents that a frame belongs to, by the frame's Chromium id. */
export function contentsOfFrame(frameId: string): WebContents | undefined {
  return [...allContents.values()].find((contents) => contents._frame(frameId) !== undefined);
}

let focusedId: number | undefined;
let lastId = 0;

/** Windows and contents share one sequence of ids. */
export function nextId(): number {
  lastId += 1;
  return lastId;
}

export function focusedWindow(): BrowserWindow | undefined {
  return focusedId === undefined ? undefined : windows.get(focusedId);
}

export function rememberFocus(id: number | undefined): void {
  focusedId = id;
}
