import { strictObject } from '../../strict.ts';
import type { Cdp } from '../window/chromium.ts';
import { emitPreventable, PreventableEvent } from '../app/preventable.ts';
import { defaultSession } from './session.ts';
import { contentsOfFrame } from '../window/window-list.ts';

/** The `DownloadItem`, as far as it is provided. */
export function downloadItem(url: string, fileName: string) {
  return strictObject('DownloadItem', {
    getURL: (): string => url,
    getFilename: (): string => fileName,
  });
}

/**
 * Emits `will-download` for every download. Downloads are not provided, so Chromium drops them all; if the
 * app allows one, a message on stderr says that it was dropped.
 */
export async function refuseDownloads(browser: Cdp): Promise<void> {
  browser.on('Browser.downloadWillBegin', ({ frameId, url, suggestedFilename }) => {
    const item = downloadItem(url, suggestedFilename);
    const contents = contentsOfFrame(frameId);
    const frame = contents?._frame(frameId) ?? null;
    const event = new PreventableEvent();
    if (!emitPreventable(defaultSession, 'will-download', event, item, contents, frame)) return;
    process.stderr.write(
      `electron stand-in: the app allows the download of ${url}; downloads are not provided, so it is dropped\n`,
    );
  });
  await browser.send('Browser.setDownloadBehavior', { behavior: 'deny', eventsEnabled: true });
}
