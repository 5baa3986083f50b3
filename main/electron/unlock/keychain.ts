import { safeStorage } from 'electron';
import { isSealedByNothing } from '../../desktop/unlock/keychain.ts';
import type { Keychain } from '../../vault/keys/keychain-provider.ts';

/** The system's keychain by Electron's `safeStorage`: its asynchronous calls, which do not stop the app. */
export const keychain: Keychain = {
  get backend() {
    return process.platform === 'linux'
      ? safeStorage.getSelectedStorageBackend()
      : process.platform;
  },
  available: () => safeStorage.isAsyncEncryptionAvailable(),
  async seal(text) {
    const sealed = await safeStorage.encryptStringAsync(text);
    if (isSealedByNothing(sealed, process.platform))
      throw new Error('no keyring behind safeStorage');
    return sealed;
  },
  async open(sealed) {
    const { result } = await safeStorage.decryptStringAsync(Buffer.from(sealed));
    return result;
  },
};
