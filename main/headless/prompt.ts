import type { ReadStream } from 'node:tty';
import { Secret } from '../protocol/secret.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const BACKSPACES = ['\u007f', '\b'];

/**
 * Asks at the terminal and shows nothing of what is typed. Resolves with null when the person gives
 * up (Ctrl-C, Ctrl-D) or the terminal goes away.
 */
export function askHidden(
  question: string,
  input: ReadStream,
  write: (text: string) => void,
): Promise<Secret | null> {
  return new Promise((resolve) => {
    const typed: string[] = [];
    const end = (answer: Secret | null): void => {
      input.off('data', take);
      input.off('end', gone);
      input.setRawMode(false);
      input.pause();
      write('\n');
      resolve(answer);
    };
    const gone = (): void => end(null);
    const take = (bytes: Buffer): void => {
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
    input.on('data', take);
    input.on('end', gone);
    input.resume();
  });
}
