import { desktop } from './desktop.ts';
import { strictObject } from '../../strict.ts';

type Payload = string | Blob | Promise<Blob | string>;

/** @see {@link https://www.electronjs.org/docs/latest/api/clipboard-item} */
export class ClipboardItem {
  readonly types: string[];
  readonly #items: Readonly<Record<string, Payload>>;

  constructor(items: Readonly<Record<string, Payload>>) {
    this.#items = items;
    this.types = Object.keys(items);
  }

  async getType(type: string): Promise<Blob> {
    const payload = await this.#items[type];
    if (payload === undefined) throw new Error(`The type was not found: ${type}`);
    return typeof payload === 'string' ? new Blob([payload], { type }) : payload;
  }
}

strictObject('ClipboardItem', ClipboardItem.prototype);

/** A clipboard private to this process; the desktop's is never touched. */
function board(name: string, onText: (text: string) => void) {
  let items: readonly ClipboardItem[] = [];
  const readText = async (): Promise<string> => {
    const item = items.find(({ types }) => types.includes('text/plain'));
    return item === undefined ? '' : (await item.getType('text/plain')).text();
  };
  const write = async (written: readonly ClipboardItem[]): Promise<void> => {
    items = [...written];
    onText(await readText());
  };
  return strictObject(
    name,
    {
      readText,
      write,
      writeText: (text: string): Promise<void> =>
        write([new ClipboardItem({ 'text/plain': text })]),
      has: (type: string): Promise<boolean> =>
        Promise.resolve(items.some(({ types }) => types.includes(type))),
      read: (): Promise<ClipboardItem[]> => Promise.resolve([...items]),
      clear: (): void => {
        items = [];
        onText('');
      },
    },
    ['selection'],
  );
}

/** @see {@link https://www.electronjs.org/docs/latest/api/clipboard} */
const text = board('clipboard', (content) => {
  desktop.clipboard = content;
  desktop.changed();
});

export const clipboard = Object.assign(
  text,
  process.platform === 'linux' && { selection: board('clipboard.selection', () => undefined) },
);
