import { clipboard, ClipboardItem } from 'electron';
import type { ClipboardPort } from '../../desktop/system/clipboard.ts';
import { concealingMarks } from '../../desktop/system/concealed-formats.ts';

/** The system's clipboard. */
export const systemClipboard: ClipboardPort = {
  async write(text, concealed) {
    const content: Record<string, string | Blob> = { 'text/plain': text };
    for (const { format, bytes } of concealed ? concealingMarks(process.platform) : []) {
      content[`electron application/osclipboard;format="${format}"`] = new Blob([bytes]);
    }
    // In one call, so that no clipboard history sees the text without the concealing formats.
    await clipboard.write([new ClipboardItem(content)]);
  },
  readText: () => clipboard.readText(),
  clear: () => {
    clipboard.clear();
    return Promise.resolve();
  },
};
