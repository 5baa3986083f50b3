import type { VaultFailure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';

/** The ways to protect the vault's data key. */
export const KEY_PROVIDER_NAMES = ['passphrase', 'keychain', 'none'] as const;

/** How the vault's data key is protected against programs that can read the vault's files. */
export type KeyProviderName = (typeof KEY_PROVIDER_NAMES)[number];

/** A wrapped data key as the header stores it, in one provider's format: base64 text and numbers. */
export type WrappedKey = Readonly<Record<string, string | number>>;

/** Wraps and unwraps the data key. Called when the vault is created, opened or given another provider, never per write. */
export interface KeyProvider {
  readonly name: KeyProviderName;
  /** Wraps the key for storage. Fails if that's impossible: a locked keychain, an empty passphrase. */
  wrap(dataKey: Uint8Array): Promise<Result<WrappedKey, VaultFailure>>;
  /**
   * Unwraps the key. `wrapped` comes from a header with a valid checksum, so `vault-wrong-passphrase`
   * means exactly that. Fails with `vault-locked` if the keychain stays locked, `vault-corrupt` if
   * `wrapped` isn't in this provider's format.
   */
  unwrap(wrapped: WrappedKey): Promise<Result<Uint8Array, VaultFailure>>;
}
