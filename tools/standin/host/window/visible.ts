import type { Bounds } from './bounds.ts';
import { chromium } from '../app/running.ts';

/** Whether windows are visible: Chromium then opens real windows, which requires a display. */
export const isVisibleHost = process.env.STANDIN_VISIBLE === '1';

/** Whether to open the desktop panel: always with visible windows, otherwise on request. */
export const hasPanel = isVisibleHost || process.env.STANDIN_PANEL === '1';

/** Positions a real window, or minimizes it. */
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
