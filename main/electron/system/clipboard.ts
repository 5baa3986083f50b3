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
    // One call, so that no history sees the text before the mark.
    await clipboard.write([new ClipboardItem(content)]);
  },
  readText: () => clipboard.readText(),
  clear: () => {
    clipboard.clear();
    return Promise.resolve();
  },
};
