import type { ReadStream } from 'node:tty';
import { Secret } from '../protocol/secret.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const BACKSPACES = ['\u007f', '\b'];

/**
 * Prompts at the terminal without echoing the input. Resolves with null if the user cancels (Ctrl-C, Ctrl-D) or
 * the terminal closes.
 */
export function promptHidden(
  question: string,
  input: ReadStream,
  write: (text: string) => void,
): Promise<Secret | null> {
  return new Promise((resolve) => {
    const typed: string[] = [];
    const end = (answer: Secret | null): void => {
      input.off('data', read);
      input.off('end', cancel);
      input.setRawMode(false);
      input.pause();
      write('\n');
      resolve(answer);
    };
    const cancel = (): void => end(null);
    const read = (bytes: Buffer): void => {
      for (const key of bytes.toString('utf8')) {
        if (key === CTRL_C || key === CTRL_D) {
          end(null);
          return;
        }
        if (key === '\r' || key === '\n') {
          end(new Secret(typed.join('')));
          return;
        }
        if (BACKSPACES.includes(key)) typed.pop();
        else typed.push(key);
      }
    };
    write(question);
    input.setRawMode(true);
    input.on('data', read);
    input.on('end', cancel);
    input.resume();
  });
}
