/** A raw clipboard format and its bytes. */
export type Mark = Readonly<{ format: string; bytes: Uint8Array<ArrayBuffer> }>;

const NOTHING = new Uint8Array([0]);
/** A DWORD that is 0: "no". */
const NO = new Uint8Array(4);

/**
 * What keeps a secret out of clipboard histories and clouds, by the habits of each system: managers
 * that know the mark look away. On Linux it is KDE's Klipper; others know none.
 *
 * @see {@link https://nspasteboard.org/ nspasteboard.org}
 * @see {@link https://learn.microsoft.com/en-us/windows/win32/dataxchg/clipboard-formats#cloud-clipboard-and-clipboard-history-formats Clipboard formats}
 */
export function concealingMarks(platform: NodeJS.Platform): readonly Mark[] {
  switch (platform) {
    case 'darwin':
      return [{ format: 'org.nspasteboard.ConcealedType', bytes: NOTHING }];
    case 'win32':
      return [
        { format: 'ExcludeClipboardContentFromMonitorProcessing', bytes: NOTHING },
        { format: 'CanIncludeInClipboardHistory', bytes: NO },
        { format: 'CanUploadToCloudClipboard', bytes: NO },
      ];
    default: {
      const bytes = new TextEncoder().encode('secret');
      return [{ format: 'x-kde-passwordManagerHint', bytes }];
    }
  }
}
