import * as v from 'valibot';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import type { VaultFailure } from '../../../common/failure.ts';
import { withTimeout } from '../../util/async.ts';
import type { Timer } from '../../util/async.ts';
import type { KeyProvider } from './key-provider.ts';

/** The part of the system's keychain that Keyfob uses: encrypt and decrypt short texts. */
export interface Keychain {
  /** Its display name, also used to notice later that it's another one. */
  readonly backend: string;
  /** Whether it can be used. May reject, or never settle. */
  available(): Promise<boolean>;
  seal(text: string): Promise<Uint8Array>;
  open(sealed: Uint8Array): Promise<string>;
}

/**
 * Why the keychain failed: it's missing; it didn't answer in time (a system prompt may be waiting for
 * the user); it refused; it isn't the one the key was stored in.
 */
export type KeychainTrouble = Readonly<
  | { kind: 'missing'; backend: string }
  | { kind: 'silent'; backend: string; afterMs: number }
  | { kind: 'refused'; backend: string }
  | { kind: 'changed'; was: string; is: string }
>;

export type KeychainOptions = Readonly<{
  keychain: Keychain;
  /** Time limit of one call, in milliseconds. */
  limitMs: number;
  timer: Timer;
  /** Called with the cause before the call fails with `vault-locked`. */
  trouble: (trouble: KeychainTrouble) => void;
}>;

const wrappedKey = v.strictObject({
  backend: v.string(),
  sealed: v.pipe(v.string(), v.base64()),
});

/**
 * Protects the data key with the system's keychain. If the keychain is missing, silent, locked or has
 * changed, fails with `vault-locked` and writes or removes nothing: it may be back later.
 */
export function keychainKeyProvider(options: KeychainOptions): KeyProvider {
  const { keychain } = options;
  return {
    name: 'keychain',
    async wrap(dataKey) {
      const text = Buffer.from(dataKey).toString('base64');
      const sealed = await callKeychain(options, () => keychain.seal(text));
      if (!sealed.ok) return locked(options, sealed.failure);
      const wrapped = { backend: keychain.backend, sealed: Buffer.from(sealed.value) };
      return ok({ ...wrapped, sealed: wrapped.sealed.toString('base64') });
    },
    async unwrap(wrapped) {
      const parsed = v.safeParse(wrappedKey, wrapped);
      if (!parsed.success) return err({ code: 'vault-corrupt', quarantine: null });
      const { backend: was, sealed } = parsed.output;
      const opened = await callKeychain(options, () =>
        keychain.open(Buffer.from(sealed, 'base64')),
      );
      if (opened.ok) return ok(Buffer.from(opened.value, 'base64'));
      const moved = opened.failure.kind !== 'silent' && was !== keychain.backend;
      const trouble = moved
        ? ({ kind: 'changed', was, is: keychain.backend } as const)
        : opened.failure;
      return locked(options, trouble);
    },
  };
}

function locked({ trouble }: KeychainOptions, what: KeychainTrouble): Result<never, VaultFailure> {
  trouble(what);
  return err({ code: 'vault-locked' });
}

async function callKeychain<T>(
  { keychain, limitMs, timer }: KeychainOptions,
  ask: () => Promise<T>,
): Promise<Result<T, KeychainTrouble>> {
  const { backend } = keychain;
  const answer = (async (): Promise<Result<T, KeychainTrouble>> => {
    try {
      if (!(await keychain.available())) return err({ kind: 'missing', backend });
      return ok(await ask());
    } catch {
      // The system's message is dropped: it may quote the input.
      return err({ kind: 'refused', backend });
    }
  })();
  return withTimeout(answer, limitMs, timer, () =>
    err({ kind: 'silent', backend, afterMs: limitMs }),
  );
}
