import type { VaultFailure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';

/** Every way to keep the vault's data key. */
export const KEY_PROVIDER_NAMES = ['passphrase', 'keychain', 'none'] as const;

/** What stands between the vault's data key and whoever can read the vault's files. */
export type KeyProviderName = (typeof KEY_PROVIDER_NAMES)[number];

/** A data key as the header keeps it, in the terms of one keeper: base64 text and numbers. */
export type WrappedKey = Readonly<Record<string, string | number>>;

/** Keeps the data key. Asked once when the vault is opened, made or given another keeper, never per write. */
export interface KeyProvider {
  readonly name: KeyProviderName;
  /** The key made safe to write down. Fails where it cannot be kept: a locked keychain, an empty passphrase. */
  wrap(dataKey: Uint8Array): Promise<Result<WrappedKey, VaultFailure>>;
  /**
   * The key again. `wrapped` comes from a header whose checksum fits, so `vault-wrong-passphrase`
   * means just that. Fails with `vault-locked` where a keychain stays shut, `vault-corrupt` where
   * `wrapped` cannot be of this keeper.
   */
  unwrap(wrapped: WrappedKey): Promise<Result<Uint8Array, VaultFailure>>;
}
