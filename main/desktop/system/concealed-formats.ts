/** A raw clipboard format and its bytes. */
export type Mark = Readonly<{ format: string; bytes: Uint8Array<ArrayBuffer> }>;

const NOTHING = new Uint8Array([0]);
/** A DWORD of 0, which means no. */
const NO = new Uint8Array(4);

/**
 * Formats that exclude a secret from clipboard histories and cloud sync, per platform. Clipboard managers that
 * support the format ignore the content. On Linux that is KDE's Klipper only.
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
