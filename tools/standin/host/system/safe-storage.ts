import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathOf } from '../app/app-paths.ts';
import { backendFor } from './keyring.ts';
import type { Backend } from './keyring.ts';
import { demandReady, running } from '../app/running.ts';
import { strictObject } from '../../strict.ts';

let usesPlainText = false;

/**
 * @see {@link https://www.electronjs.org/docs/latest/api/safe-storage}
 *
 * The key is a file beside the app's data, so the next run can decrypt what this one encrypted. In addition to
 * Electron's `--password-store`, `--standin-keyring=locked` simulates a keyring that stays locked, and
 * `--standin-keyring=unavailable` a missing one.
 */
export const safeStorage = strictObject('safeStorage', {
  getSelectedStorageBackend: (): Backend => (running.ready ? backend() : 'unknown'),
  setUsePlainTextEncryption: (usePlainText: boolean): void => {
    usesPlainText = usePlainText;
  },
  isEncryptionAvailable,
  encryptString: (text: string): Buffer => {
    demandAvailable('Error while encrypting the text provided to safeStorage.encryptString.');
    return seal(text);
  },
  decryptString: (sealed: Buffer): string => {
    demandAvailable('Error while decrypting the ciphertext provided to safeStorage.decryptString.');
    return unseal(sealed);
  },

  /** True on Linux even without a keyring: Electron falls back to a built-in key. */
  isAsyncEncryptionAvailable: (): Promise<boolean> =>
    Promise.resolve(running.ready && trouble() === undefined),
  // Async, so that errors become rejections, as in Electron.
  encryptStringAsync: async (text: string): Promise<Buffer> => {
    await demandOpen();
    return seal(text);
  },
  decryptStringAsync: async (sealed: Buffer) => {
    await demandOpen();
    return { result: unseal(sealed), shouldReEncrypt: false };
  },
});

function isEncryptionAvailable(): boolean {
  return running.ready && trouble() === undefined && (backend() !== 'basic_text' || usesPlainText);
}

function backend(): Backend {
  const desktopName = process.env.XDG_CURRENT_DESKTOP;
  return backendFor(running.switches.get('password-store'), desktopName);
}

function trouble(): string | undefined {
  return running.switches.get('standin-keyring');
}

function demandAvailable(what: string): void {
  demandReady('safeStorage cannot be used');
  if (!isEncryptionAvailable()) throw new Error(`${what} Encryption is not available.`);
}

function demandOpen(): Promise<void> {
  demandReady('safeStorage cannot be used');
  const why = trouble();
  if (why === undefined) return Promise.resolve();
  return Promise.reject(new Error(`Encryption is not available: the keyring is ${why}`));
}

function seal(text: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key(), nonce);
  const sealed = [cipher.update(text, 'utf8'), cipher.final()];
  const prefix = Buffer.from(backend() === 'basic_text' ? 'v10' : 'v11');
  return Buffer.concat([prefix, nonce, ...sealed, cipher.getAuthTag()]);
}

function unseal(sealed: Buffer): string {
  if (!/^v1[01]$/.test(sealed.subarray(0, 3).toString())) {
    throw new Error(
      'Error while decrypting the ciphertext provided to safeStorage. Ciphertext does not appear to be encrypted.',
    );
  }
  const cipher = createDecipheriv('aes-256-gcm', key(), sealed.subarray(3, 15));
  cipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(15, -16)), cipher.final()]).toString('utf8');
}

function key(): Buffer {
  const file = join(pathOf('userData'), 'standin.key');
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, randomBytes(32), { mode: 0o600 });
  }
  return readFileSync(file);
}
