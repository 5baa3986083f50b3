import type { KeyProviderName } from '../../vault/keys/key-provider.ts';

const BACKENDS: Readonly<Record<string, string>> = {
  gnome_libsecret: 'GNOME Keyring (libsecret)',
  kwallet: 'KWallet',
  kwallet5: 'KWallet 5',
  kwallet6: 'KWallet 6',
  basic_text: 'no keyring (basic text)',
};

/**
 * Chromium's word on Linux for "no keyring": what it then seals with is in every copy of Chromium, so it
 * hides nothing. The asynchronous calls claim to be available all the same.
 */
export const NO_KEYRING = 'basic_text';

/** The keychain of a system, in words. `backend` is Electron's name for it on Linux. */
export function backendText(backend: string, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'macOS Keychain';
  if (platform === 'win32') return 'Windows data protection';
  return BACKENDS[backend] ?? 'an unknown keyring';
}

/** How the vault's key is kept, in words. */
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
      return 'Nothing: readable by any program that runs as you';
  }
}

/**
 * Whether what the keychain sealed is protected by nothing: on Linux, Chromium marks what it sealed with
 * the key that is in every copy of it as `v10`, also where it first found a keyring and then could not
 * use it.
 */
export function isSealedByNothing(sealed: Uint8Array, platform: NodeJS.Platform): boolean {
  return platform === 'linux' && new TextDecoder().decode(sealed.subarray(0, 3)) === 'v10';
}
