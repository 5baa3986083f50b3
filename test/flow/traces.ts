import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A text that a secret may have leaked into. */
export type Trace = Readonly<{ where: string; bytes: Buffer }>;

/** A secret to look for: a finding reports the name, never the secret itself. */
export type Sought = Readonly<{ name: string; secret: string }>;

/** A truncated secret is still a leak: this many of its first characters count as a finding. */
const BEGINNING = 16;

/** Which secrets are where, and in which encoding. */
export function findTraces(traces: readonly Trace[], sought: readonly Sought[]): readonly string[] {
  const spelled = sought.flatMap(({ name, secret }) =>
    [...spellings(secret)].map(([how, text]) => ({ name, how, text })),
  );
  return traces.flatMap(({ where, bytes }) => {
    const text = bytes.toString('latin1');
    return spelled
      .filter((one) => text.includes(one.text))
      .map(({ name, how }) => `${name}, ${how}, in ${where}`);
  });
}

/** Every encoding of a secret, by name; as Latin-1 text that stands for bytes. */
export function spellings(secret: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(secret);
  const all: [string, string][] = [
    ['raw', bytes.toString('latin1')],
    ['its beginning', bytes.subarray(0, BEGINNING).toString('latin1')],
    ['percent-encoded', encodeURIComponent(secret)],
    ['in a form', new URLSearchParams({ s: secret }).toString().slice(2)],
    ['JSON-escaped', Buffer.from(JSON.stringify(secret).slice(1, -1)).toString('latin1')],
    ['in hexadecimal', bytes.toString('hex')],
    ['UTF-16', Buffer.from(secret, 'utf16le').toString('latin1')],
  ];
  for (const before of [0, 1, 2]) {
    const encoded = inBase64(bytes, before);
    all.push([`base64 after ${before}`, encoded]);
    all.push([`base64url after ${before}`, encoded.replaceAll('+', '-').replaceAll('/', '_')]);
  }
  return new Map(all);
}

/** The characters that depend on these bytes alone when `before` other bytes come first. */
function inBase64(bytes: Buffer, before: number): string {
  const whole = Buffer.concat([Buffer.alloc(before), bytes]);
  const first = Math.ceil((before * 8) / 6);
  const behindLast = Math.floor((whole.length * 8) / 6);
  return whole.toString('base64').slice(first, behindLast);
}

/** Every file in a folder and its subfolders. */
export async function filesBelow(folder: string): Promise<readonly Trace[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const where = join(parentPath, name);
      return { where, bytes: await readFile(where) };
    }),
  );
}
