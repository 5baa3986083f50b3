import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { KEY_PROVIDER_NAMES } from '../keys/key-provider.ts';
import type { KeyProviderName, WrappedKey } from '../keys/key-provider.ts';

const VERSION = 1;

/** What must be known before any record can be opened: how the data key is kept. */
export type Header = Readonly<{
  /** Epoch milliseconds. */
  createdAt: number;
  key: Readonly<{ id: string; keeper: KeyProviderName; wrapped: WrappedKey }>;
  /** Keys that records may still be sealed under, each sealed under `key` (base64). */
  retired: readonly Readonly<{ id: string; sealed: string }>[];
}>;

/** What some bytes are, read as a header. */
export type HeaderReading = Readonly<
  { kind: 'read'; header: Header } | { kind: 'newer'; version: number } | { kind: 'damaged' }
>;

const id = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
const header = v.strictObject({
  vault: v.literal(VERSION),
  createdAt: v.pipe(v.number(), v.finite()),
  key: v.strictObject({
    id,
    keeper: v.picklist(KEY_PROVIDER_NAMES),
    wrapped: v.record(v.string(), v.union([v.string(), v.number()])),
  }),
  retired: v.array(v.strictObject({ id, sealed: v.pipe(v.string(), v.base64()) })),
});
const file = v.strictObject({
  checksum: v.string(),
  header: v.looseObject({ vault: v.pipe(v.number(), v.safeInteger()) }),
});

/** The header as a file: JSON, and a checksum so that damage is not taken for a wrong passphrase. */
export function writeHeader({ createdAt, key, retired }: Header): Uint8Array {
  const fields = { vault: VERSION, createdAt, key, retired };
  const text = JSON.stringify({ checksum: checksum(fields), header: fields }, null, 2);
  return new TextEncoder().encode(`${text}\n`);
}

/** Reads what {@link writeHeader} made. Never throws, whatever the bytes. */
export function readHeader(bytes: Uint8Array): HeaderReading {
  const whole = v.safeParse(file, parse(bytes));
  if (!whole.success || whole.output.checksum !== checksum(whole.output.header)) {
    return { kind: 'damaged' };
  }
  const version = whole.output.header.vault;
  if (version > VERSION) return { kind: 'newer', version };
  const parsed = v.safeParse(header, whole.output.header);
  if (!parsed.success) return { kind: 'damaged' };
  const { createdAt, key, retired } = parsed.output;
  return { kind: 'read', header: { createdAt, key, retired } };
}

/** Over the compact text, so that re-indenting the file harms nothing. JSON keeps the order of names. */
function checksum(fields: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null; // Not UTF-8, or not JSON: what damage looks like.
  }
}
