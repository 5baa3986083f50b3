import { createSecretKey, randomBytes, scrypt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { err, ok } from '../../../common/result.ts';
import type { Secret } from '../../protocol/secret.ts';
import { decrypt, encrypt } from './aead.ts';
import type { KeyProvider } from './key-provider.ts';

/**
 * What one guess at the passphrase costs: `128 * N * r` bytes of memory and the time to fill them.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7914.html#section-2 RFC 7914 §2}
 */
export type ScryptCost = Readonly<{ N: number; r: number; p: number }>;

/** 128 MiB and a third of a second on a small machine, once per unlock. */
const COST: ScryptCost = { N: 2 ** 17, r: 8, p: 1 };

/** No version of Keyfob writes a higher cost; deriving would only stall the machine. */
const MAX_MEMORY_BYTES = 2 ** 30;

const SALT_BYTES = 16;
const KEY_BYTES = 32;
const BOUND = Buffer.from('keyfob data key, passphrase, 1');

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const base64 = v.pipe(v.string(), v.base64());
const wrappedKey = v.pipe(
  v.strictObject({ N: count, r: count, p: count, salt: base64, sealed: base64 }),
  v.check(
    ({ N, r, p }) =>
      N > 1 && Number.isInteger(Math.log2(N)) && memoryFor({ N, r, p }) <= MAX_MEMORY_BYTES,
  ),
);

/**
 * Protects the data key with a passphrase: scrypt, then AES-256-GCM. An empty passphrase always fails.
 *
 * @param cost for keys wrapped from now on; a wrapped key names its own cost
 */
export function passphraseKeyProvider(passphrase: Secret, cost: ScryptCost = COST): KeyProvider {
  return {
    name: 'passphrase',
    async wrap(dataKey) {
      if (passphrase.reveal() === '') return err({ code: 'vault-wrong-passphrase' });
      const salt = randomBytes(SALT_BYTES);
      const sealed = encrypt(await derive(passphrase, salt, cost), BOUND, dataKey);
      return ok({ ...cost, salt: toBase64(salt), sealed: toBase64(sealed) });
    },
    async unwrap(wrapped) {
      const parsed = v.safeParse(wrappedKey, wrapped);
      if (!parsed.success) return err({ code: 'vault-corrupt', quarantine: null });
      const { salt, sealed, ...kept } = parsed.output;
      const key = await derive(passphrase, Buffer.from(salt, 'base64'), kept);
      const dataKey = decrypt(key, BOUND, Buffer.from(sealed, 'base64'));
      return dataKey === null ? err({ code: 'vault-wrong-passphrase' }) : ok(dataKey);
    },
  };
}

/** NFKC: another keyboard may produce other code points for the same passphrase. */
function derive(passphrase: Secret, salt: Uint8Array, cost: ScryptCost): Promise<KeyObject> {
  const text = passphrase.reveal().normalize('NFKC');
  const options = { ...cost, maxmem: 2 * memoryFor(cost) };
  return new Promise((resolve, reject) => {
    scrypt(text, salt, KEY_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(createSecretKey(key));
    });
  });
}

function memoryFor({ N, r, p }: ScryptCost): number {
  return 128 * r * (N + p);
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
