import { safeStorage } from 'electron';
import { isSealedWithoutKeyring } from '../../desktop/unlock/keychain.ts';
import type { Keychain } from '../../vault/keys/keychain-provider.ts';

/** The system keychain through Electron's `safeStorage`, with its asynchronous calls, which don't block the app. */
export const keychain: Keychain = {
  get backend() {
    return process.platform === 'linux'
      ? safeStorage.getSelectedStorageBackend()
      : process.platform;
  },
  available: () => safeStorage.isAsyncEncryptionAvailable(),
  async seal(text) {
    const sealed = await safeStorage.encryptStringAsync(text);
    if (isSealedWithoutKeyring(sealed, process.platform))
      throw new Error('no keyring behind safeStorage');
    return sealed;
  },
  async open(sealed) {
    const { result } = await safeStorage.decryptStringAsync(Buffer.from(sealed));
    return result;
  },
};
