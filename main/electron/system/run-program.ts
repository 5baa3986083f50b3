import { execFile } from 'node:child_process';

const LIMIT_MS = 2_000;

/** A program's output; null when it doesn't exist, fails, or takes longer than {@link LIMIT_MS}. */
export function runProgram(program: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: LIMIT_MS, encoding: 'utf8' }, (error, stdout) =>
      resolve(error === null ? stdout : null),
    );
  });
}
