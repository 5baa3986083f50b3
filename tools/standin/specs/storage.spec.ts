import type { ElectronApplication } from '@playwright/test';
import { expect, test } from '../../../test/e2e/fixture.ts';
import { sampleApp } from './sample-app.ts';

test.use({ app: sampleApp });

async function report(electron: ElectronApplication): Promise<unknown> {
  await electron.firstWindow(); // so the app is ready
  return electron.evaluate(async ({ safeStorage }) => {
    const attempt = async (run: () => Promise<unknown>): Promise<unknown> => {
      try {
        return await run();
      } catch (error) {
        return error instanceof Error && error.message;
      }
    };
    return {
      backend: safeStorage.getSelectedStorageBackend(),
      available: await safeStorage.isAsyncEncryptionAvailable(),
      round: await attempt(async () => {
        const sealed = await safeStorage.encryptStringAsync('a token');
        if (sealed.includes('a token')) return 'not sealed';
        return safeStorage.decryptStringAsync(sealed);
      }),
      foreign: await attempt(() => safeStorage.decryptStringAsync(Buffer.from('not sealed'))),
    };
  });
}

const refused =
  'Error while decrypting the ciphertext provided to safeStorage. Ciphertext does not appear to be encrypted.';
const round = { result: 'a token', shouldReEncrypt: false };

test.describe('with a keyring', () => {
  test.use({ keyring: 'gnome_libsecret' });
  test('safeStorage encrypts and decrypts', async ({ electron }) => {
    expect(await report(electron)).toEqual({
      backend: 'gnome_libsecret',
      available: true,
      round,
      foreign: refused,
    });
  });
});

test.describe('without a keyring', () => {
  test.use({ keyring: 'basic_text' });
  test('only the selected backend shows that there is no keyring, as in Electron on Linux', async ({
    electron,
  }) => {
    expect(await report(electron)).toEqual({
      backend: 'basic_text',
      available: true,
      round,
      foreign: refused,
    });
  });
});

for (const keyring of ['locked', 'unavailable'] as const) {
  test.describe(`with a keyring that is ${keyring}`, () => {
    test.use({ args: [`--standin-keyring=${keyring}`] });
    test(`safeStorage rejects while the keyring is ${keyring}`, async ({ electron }) => {
      const message = `Encryption is not available: the keyring is ${keyring}`;
      expect(await report(electron)).toMatchObject({
        available: false,
        round: message,
        foreign: message,
      });
    });
  });

  test.describe(`with the agent's keyring that is ${keyring}`, () => {
    test.use({ keyring });
    test(`the agent simulates a keyring that is ${keyring}`, async ({ electron }) => {
      const message = `Encryption is not available: the keyring is ${keyring}`;
      expect(await report(electron)).toMatchObject({
        available: false,
        round: message,
        foreign: message,
      });
    });
  });
}
