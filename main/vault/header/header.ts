import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { parseJsonBytes } from '../../../common/json.ts';
import { KEY_PROVIDER_NAMES } from '../keys/key-provider.ts';
import type { KeyProviderName, WrappedKey } from '../keys/key-provider.ts';

const VERSION = 1;

/** The vault's header: how the data key is protected. */
export type Header = Readonly<{
  /** Epoch milliseconds. */
  createdAt: number;
  key: Readonly<{ id: string; keeper: KeyProviderName; wrapped: WrappedKey }>;
  /** Retired keys that records may still be sealed under, each sealed under `key` (base64). */
  retired: readonly Readonly<{ id: string; sealed: string }>[];
}>;

/** The result of reading bytes as a header. */
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

/** Serializes the header: JSON with a checksum, so that damage isn't mistaken for a wrong passphrase. */
export function writeHeader({ createdAt, key, retired }: Header): Uint8Array {
  const fields = { vault: VERSION, createdAt, key, retired };
  const text = JSON.stringify({ checksum: checksum(fields), header: fields }, null, 2);
  return new TextEncoder().encode(`${text}\n`);
}

/** Reads what {@link writeHeader} made. Never throws. */
export function readHeader(bytes: Uint8Array): HeaderReading {
  const whole = v.safeParse(file, parseJsonBytes(bytes));
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

/** Over the compact text, so re-indenting the file does no harm. JSON.parse keeps the order of names. */
function checksum(fields: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}
