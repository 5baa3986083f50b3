import * as v from 'valibot';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import type { VaultFailure } from '../../../common/failure.ts';
import { withTimeout } from '../../util/async.ts';
import type { Timer } from '../../util/async.ts';
import type { KeyProvider } from './key-provider.ts';

/** The system's keychain, as far as we use it: it seals short texts and opens them again. */
export interface Keychain {
  /** Its name for a person, and for telling later whether it is still the same one. */
  readonly backend: string;
  /** Whether it can be used at all. May reject, or never settle. */
  available(): Promise<boolean>;
  seal(text: string): Promise<Uint8Array>;
  open(sealed: Uint8Array): Promise<string>;
}

/**
 * Why the keychain did not help: it is not there; it has not answered in time (a prompt of the system
 * may be waiting for the person); it refused; it is not the one that the key was given to.
 */
export type KeychainTrouble = Readonly<
  | { kind: 'missing'; backend: string }
  | { kind: 'silent'; backend: string; afterMs: number }
  | { kind: 'refused'; backend: string }
  | { kind: 'changed'; was: string; is: string }
>;

export type KeychainOptions = Readonly<{
  keychain: Keychain;
  /** How long one call may take: milliseconds. */
  limitMs: number;
  timer: Timer;
  /** Hears what was wrong, before the call fails with `vault-locked`. */
  trouble: (trouble: KeychainTrouble) => void;
}>;

const wrappedKey = v.strictObject({
  backend: v.string(),
  sealed: v.pipe(v.string(), v.base64()),
});

/**
 * Keeps the data key in the system's keychain. A keychain that is missing, silent, locked or another
 * one today fails with `vault-locked`, and nothing is written or removed: tomorrow it may be back.
 */
export function keychainKeyProvider(options: KeychainOptions): KeyProvider {
  const { keychain } = options;
  return {
    name: 'keychain',
    async wrap(dataKey) {
      const text = Buffer.from(dataKey).toString('base64');
      const sealed = await asked(options, () => keychain.seal(text));
      if (!sealed.ok) return locked(options, sealed.failure);
      const wrapped = { backend: keychain.backend, sealed: Buffer.from(sealed.value) };
      return ok({ ...wrapped, sealed: wrapped.sealed.toString('base64') });
    },
    async unwrap(wrapped) {
      const parsed = v.safeParse(wrappedKey, wrapped);
      if (!parsed.success) return err({ code: 'vault-corrupt', quarantine: null });
      const { backend: was, sealed } = parsed.output;
      const opened = await asked(options, () => keychain.open(Buffer.from(sealed, 'base64')));
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

async function asked<T>(
  { keychain, limitMs, timer }: KeychainOptions,
  ask: () => Promise<T>,
): Promise<Result<T, KeychainTrouble>> {
  const { backend } = keychain;
  const answer = (async (): Promise<Result<T, KeychainTrouble>> => {
    try {
      if (!(await keychain.available())) return err({ kind: 'missing', backend });
      return ok(await ask());
    } catch {
      // What it said is the system's, in the system's words: it may quote what it was given.
      return err({ kind: 'refused', backend });
    }
  })();
  return withTimeout(answer, limitMs, timer, () =>
    err({ kind: 'silent', backend, afterMs: limitMs }),
  );
}
