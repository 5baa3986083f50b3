import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cdp } from '../window/chromium.ts';
import { desktop } from './desktop.ts';
import type { Menu } from './menu.ts';
import type { MenuItem } from './menu.ts';
import { openInOtherBrowser } from './other-browser.ts';
import { PreventableEvent } from '../app/preventable.ts';
import { chromium, debug } from '../app/running.ts';

/** A request from the panel's page; see panel/panel.html. */
type Act =
  | Readonly<{ do: 'tray'; tray: number }>
  | Readonly<{ do: 'menu'; tray: number; path: readonly number[] }>
  | Readonly<{ do: 'notification' | 'dismiss'; notification: number }>
  | Readonly<{ do: 'link'; link: number }>;

/**
 * Opens the page that shows the desktop: tray with its menu, notifications, clipboard, links. It is drawn
 * from the app's own objects, and clicks emit events on them.
 */
export async function openPanel(): Promise<void> {
  const browser = chromium().session();
  const size = { width: 420, height: 640, left: 40, top: 60 };
  const { targetId } = await browser.send('Target.createTarget', {
    url: 'about:blank',
    newWindow: true,
    ...size,
  });
  const attach = { targetId, flatten: true };
  const { sessionId } = await browser.send('Target.attachToTarget', attach);
  const page = chromium().session(sessionId);
  page.on('Runtime.bindingCalled', ({ payload }) => {
    act(JSON.parse(payload) as Act); // only the panel's page has the binding
  });
  await page.send('Runtime.enable');
  await page.send('Runtime.addBinding', { name: 'tellHost' });
  const { frameTree } = await page.send('Page.getFrameTree');
  const html = readFileSync(join(__dirname, 'panel.html'), 'utf8');
  await page.send('Page.setDocumentContent', { frameId: frameTree.frame.id, html });
  desktop.on('changed', () => {
    draw(page).catch(debug);
  });
  await draw(page);
}

function draw(page: Cdp): Promise<unknown> {
  const state = {
    trays: [...desktop.trays].map((tray) => {
      const { image, toolTip, menu } = tray._shown();
      return { icon: image.toDataURL(), toolTip, menu: itemsOf(menu) };
    }),
    notifications: [...desktop.notifications].map(({ title, body }) => ({ title, body })),
    clipboard: desktop.clipboard,
    opened: desktop.opened,
  };
  return page.send('Runtime.evaluate', { expression: `draw(${JSON.stringify(state)})` });
}

function itemsOf(menu: Menu | null | undefined): readonly object[] {
  return (menu?.items ?? []).map((item) => {
    const { label, type, enabled, visible, checked } = item;
    return { label, type, enabled, visible, checked, submenu: itemsOf(item.submenu) };
  });
}

function act(request: Act): void {
  if (request.do === 'tray') {
    const tray = [...desktop.trays][request.tray];
    tray?.emit('click', new PreventableEvent(), tray.getBounds(), { x: 0, y: 0 });
  } else if (request.do === 'menu') {
    itemAt([...desktop.trays][request.tray]?._shown().menu, request.path)?.click();
  } else if (request.do === 'link') {
    const url = desktop.opened[request.link];
    if (url !== undefined) openInOtherBrowser(url);
  } else {
    const notification = [...desktop.notifications][request.notification];
    if (request.do === 'notification') notification?.emit('click', new PreventableEvent());
    notification?.close();
  }
  desktop.changed();
}

function itemAt(menu: Menu | null | undefined, path: readonly number[]): MenuItem | undefined {
  const [first, ...rest] = path;
  const item = first === undefined ? undefined : menu?.items[first];
  return rest.length === 0 ? item : itemAt(item?.submenu, rest);
}
