import { execFile } from 'node:child_process';

const LIMIT_MS = 2_000;

/** What a program of the system prints; null when it is not there, fails, or takes too long. */
export function runProgram(program: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: LIMIT_MS, encoding: 'utf8' }, (error, stdout) =>
      resolve(error === null ? stdout : null),
    );
  });
}
