import type { Chromium } from './chromium.ts';
import { debug } from '../app/running.ts';
import { WebContents } from './web-contents.ts';

/**
 * Closes every page that a page opens, before it loads anything, and asks the opener's handler. The scripts in
 * the page see most of them coming; a link that is in no document opens its page without an event.
 */
export async function refusePopups(chromium: Chromium): Promise<void> {
  const browser = chromium.session();
  browser.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    const { openerId, targetId, url } = targetInfo;
    const page = chromium.session(sessionId);
    const goOn = (): void => void page.send('Runtime.runIfWaitingForDebugger').catch(debug);
    const opener = openerId === undefined ? undefined : WebContents.fromDevToolsTargetId(openerId);
    if (opener === undefined) {
      goOn();
      return;
    }
    // It may share its opener's thread, which stands still until it goes on; so it may, but to nowhere.
    page.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }).catch(debug);
    goOn();
    browser.send('Target.closeTarget', { targetId }).catch(debug);
    const request = { url, frameName: '', features: '', disposition: 'foreground-tab' } as const;
    opener._opened(request);
  });
  await browser.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
    filter: [{ type: 'page' }],
  });
}
