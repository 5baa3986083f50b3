import type { Bounds } from './bounds.ts';
import { chromium } from '../app/running.ts';

/** Whether a person looks on: Chromium then opens real windows, which takes a display. */
export const isVisibleHost = process.env.STANDIN_VISIBLE === '1';

/** Whether the page that stands for the desktop is opened: beside real windows, or on demand. */
export const hasPanel = isVisibleHost || process.env.STANDIN_PANEL === '1';

/** Puts a real window in its place, or away. */
export async function showOnScreen(
  targetId: string | undefined,
  visible: boolean,
  { x: left, y: top, width, height }: Bounds,
): Promise<void> {
  const browser = chromium().session();
  const { windowId } = await browser.send(
    'Browser.getWindowForTarget',
    targetId === undefined ? {} : { targetId },
  );
  const windowState = visible ? 'normal' : 'minimized';
  await browser.send('Browser.setWindowBounds', { windowId, bounds: { windowState } });
  if (!visible) return;
  const bounds = { left, top, width, height };
  await browser.send('Browser.setWindowBounds', { windowId, bounds });
}
