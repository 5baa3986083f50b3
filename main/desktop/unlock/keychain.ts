import type { KeyProviderName } from '../../vault/keys/key-provider.ts';

const BACKENDS: Readonly<Record<string, string>> = {
  gnome_libsecret: 'GNOME Keyring (libsecret)',
  kwallet: 'KWallet',
  kwallet5: 'KWallet 5',
  kwallet6: 'KWallet 6',
  basic_text: 'no keyring (basic text)',
};

/**
 * Chromium's name for "no keyring" on Linux. It then encrypts with a key that is in every copy of Chromium,
 * which protects nothing. The asynchronous calls still report encryption as available.
 */
export const NO_KEYRING = 'basic_text';

/** The system keychain's name for the person. `backend` is Electron's name for it on Linux. */
export function backendText(backend: string, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'macOS Keychain';
  if (platform === 'win32') return 'Windows data protection';
  return BACKENDS[backend] ?? 'an unknown keyring';
}

/** What protects the vault's key, in words. */
export function keyStorageText(
  protection: KeyProviderName,
  backend: string,
  platform: NodeJS.Platform,
): string {
  switch (protection) {
    case 'keychain':
      return backendText(backend, platform);
    case 'passphrase':
      return 'Your passphrase';
    case 'none':
      return 'Nothing: any program running as you can read it';
  }
}

/**
 * Whether something was encrypted without a keyring. On Linux, Chromium prefixes what it encrypts with its
 * built-in key with `v10`, also when it found a keyring first and then couldn't use it.
 */
export function isSealedWithoutKeyring(sealed: Uint8Array, platform: NodeJS.Platform): boolean {
  return platform === 'linux' && new TextDecoder().decode(sealed.subarray(0, 3)) === 'v10';
}
