import { desktop } from './desktop.ts';
import { strictObject } from '../../strict.ts';

/**
 * Never opens anything: requests are recorded and shown in the panel.
 *
 * @see {@link https://www.electronjs.org/docs/latest/api/shell}
 */
export const shell = strictObject('shell', {
  async openExternal(url: string): Promise<void> {
    await record(new URL(url).href);
  },
  async openPath(path: string): Promise<string> {
    await record(path);
    return '';
  },
  showItemInFolder(path: string): void {
    void record(path);
  },
  beep: (): undefined => undefined,
});

function record(what: string): Promise<void> {
  desktop.opened.push(what);
  desktop.changed();
  return Promise.resolve();
}
