import type { Chromium } from './chromium.ts';
import { debug } from '../app/running.ts';
import { WebContents } from './web-contents.ts';

/**
 * Closes every page that a page opens before it loads anything, and calls the opener's window-open handler. The
 * scripts in the page catch most of these; a link outside any document opens its page without an event.
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
    // It may share its opener's thread, which blocks until it resumes: resume it, but let it load nothing.
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
