import { expect, test } from 'vitest';
import type { UnlockAnswer, UnlockPage } from '../../../main/desktop/unlock/unlock-page.ts';
import { troublePage } from '../../../main/desktop/unlock/unlock-page.ts';
import { unlockHtml, readUnlockAnswer } from '../../../main/desktop/unlock/unlock-html.ts';
import { isSealedWithoutKeyring, keyStorageText } from '../../../main/desktop/unlock/keychain.ts';
import { UnlockFlow } from '../../../main/desktop/unlock/unlock-flow.ts';
import type { Failure } from '../../../common/failure.ts';
import { err, ok } from '../../../common/result.ts';
import { Secret } from '../../../main/protocol/secret.ts';
import type { Keychain } from '../../../main/vault/keys/keychain-provider.ts';
import type { KeyProviderName } from '../../../main/vault/keys/key-provider.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';

const cheap = { N: 2, r: 1, p: 1 };

function keychainOf(changes: Partial<Keychain> = {}): Keychain {
  return {
    backend: 'gnome_libsecret',
    available: () => Promise.resolve(true),
    seal: (text) => Promise.resolve(new TextEncoder().encode(`sealed ${text}`)),
    open: (sealed) => Promise.resolve(new TextDecoder().decode(sealed).replace('sealed ', '')),
    ...changes,
  };
}

function unlockFlowOf(keychain: Keychain, answers: readonly UnlockAnswer[]) {
  const asked: UnlockPage[] = [];
  const clock = new FakeClock();
  const left = [...answers];
  const flow = new UnlockFlow({
    keychain,
    ask: (page) => {
      asked.push(page);
      const answer = left.shift();
      return answer === undefined
        ? Promise.reject(new Error('asked too often'))
        : Promise.resolve(answer);
    },
    platform: 'linux',
    now: () => 1,
    timer: clock,
    cost: cheap,
  });
  return { flow, asked, clock };
}

function passphrase(text: string, repeated = text): UnlockAnswer {
  return { do: 'passphrase', passphrase: new Secret(text), repeated: new Secret(repeated) };
}

async function providerFor(
  kept: KeyProviderName | null,
  keychain: Keychain,
  answers: readonly UnlockAnswer[],
) {
  const { flow, asked } = unlockFlowOf(keychain, answers);
  const provider = await flow.unlock(kept);
  return { provider: provider.ok ? provider.value.name : provider.failure.code, asked };
}

test("UnlockFlow stores a new vault's key in the keychain if there is one, without asking", async () => {
  expect(await providerFor(null, keychainOf(), [])).toEqual({ provider: 'keychain', asked: [] });
});

const weak: readonly [string, Keychain][] = [
  ['basic_text', keychainOf({ backend: 'basic_text' })],
  ['one that is not there', keychainOf({ available: () => Promise.resolve(false) })],
  ['one that refuses', keychainOf({ seal: () => Promise.reject(new Error('locked')) })],
  ['one that does not give back', keychainOf({ open: () => Promise.reject(new Error('gone')) })],
];
test.each(weak)(
  'UnlockFlow never stores anything unprotected without consent: %s',
  async (_what, keychain) => {
    const consent = await providerFor(null, keychain, [{ do: 'unprotected' }]);
    const chosen = await providerFor(null, keychain, [
      passphrase('one', 'other'),
      passphrase(''),
      passphrase('right'),
    ]);
    const quit = await providerFor(null, keychain, [{ do: 'quit' }]);
    expect([
      [consent.provider, consent.asked.map(({ kind }) => kind)],
      [chosen.provider, chosen.asked.map((page) => 'problem' in page && page.problem)],
      quit.provider,
    ]).toEqual([
      ['none', ['choose']],
      ['passphrase', [null, "The passphrases don't match.", 'Enter a passphrase.']],
      'vault-locked',
    ]);
  },
);

test('UnlockFlow asks again after a wrong passphrase, until the user gives up', async () => {
  const { flow, asked } = unlockFlowOf(keychainOf(), [
    passphrase('wrong'),
    passphrase('no'),
    { do: 'quit' },
  ]);
  const entered = await flow.openVault(async () => {
    const provider = await flow.unlock('passphrase');
    return provider.ok ? err<Failure>({ code: 'vault-wrong-passphrase' }) : provider;
  });
  const wrong = 'Wrong passphrase. Nothing was changed.';
  expect([entered, asked]).toEqual([
    null,
    [null, wrong, wrong].map((problem) => ({ kind: 'passphrase', problem })),
  ]);
});

const troubles: readonly [string, Partial<Keychain>, RegExp][] = [
  [
    'missing',
    { available: () => Promise.resolve(false) },
    /none is available now\. Found: GNOME Keyring/,
  ],
  [
    'refused',
    { open: () => Promise.reject(new Error('x')) },
    /GNOME Keyring .* it's locked, or the key is gone/,
  ],
  [
    'changed',
    { backend: 'kwallet6', open: () => Promise.reject(new Error('x')) },
    /is in GNOME Keyring \(libsecret\), but this desktop session uses KWallet 6/,
  ],
  [
    'silent',
    { open: () => new Promise(() => undefined) },
    /GNOME Keyring .* hasn't responded for 30 s/,
  ],
];
test.each(troubles)(
  'UnlockFlow says what is wrong with the keychain, and retries: %s',
  async (_what, changes, words) => {
    let broken = true;
    const well = keychainOf();
    const sick = keychainOf(changes);
    const keychain: Keychain = {
      get backend() {
        return broken ? sick.backend : well.backend;
      },
      available: () => (broken ? sick : well).available(),
      seal: (text) => well.seal(text),
      open: (sealed) => (broken ? sick : well).open(sealed),
    };
    const { flow, asked, clock } = unlockFlowOf(keychain, [{ do: 'again' }]);
    const wrapped = { backend: 'gnome_libsecret', sealed: btoa('sealed aGk=') };
    const entering = flow.openVault(async () => {
      const provider = await flow.unlock('keychain');
      if (!provider.ok) return provider;
      const key = await provider.value.unwrap(wrapped);
      broken = false;
      return key.ok ? ok(key.value) : key;
    });
    await clock.advance(30_000);
    const entered = await entering;
    const said = asked.map((page) =>
      page.kind === 'trouble' ? page.message + page.hint : page.kind,
    );
    expect([Buffer.from(entered!).toString(), said.length, clock.sleepers]).toEqual(['hi', 1, 0]);
    expect(said[0]).toMatch(words);
    expect(said[0]).toMatch(/Nothing was changed/);
  },
);

test('troublePage() offers no retry for a newer vault, and names the owner of one in use', () => {
  const newer = troublePage({ code: 'vault-newer', version: 2 }, null, 'linux');
  const held = troublePage({ code: 'vault-in-use', owner: '/v/owner.sock' }, null, 'linux');
  expect([newer, held]).toEqual([
    {
      kind: 'trouble',
      message: 'The vault was written by a newer version of Keyfob (format 2).',
      hint: 'Update Keyfob. The vault was not changed.',
      again: false,
    },
    {
      kind: 'trouble',
      message:
        'Your vault is already in use by keyfob agent, in a terminal or as a service (/v/owner.sock).',
      hint: 'Use it with the keyfob command, or stop it and try again.',
      again: true,
    },
  ]);
});

test('readUnlockAnswer() accepts only the answer to the page that was shown', () => {
  const answers = ['key=k&do=quit', 'key=x&do=quit', 'do=quit', 'key=k&do=format', ''].map((body) =>
    readUnlockAnswer(body, 'k'),
  );
  expect(answers).toEqual([{ do: 'quit' }, null, null, null, null]);
  const typed = readUnlockAnswer('key=k&do=passphrase&passphrase=a+%26+b&repeated=c', 'k');
  expect(typed?.do === 'passphrase' && typed.passphrase.equals(new Secret('a & b'))).toBe(true);
});

test('unlockHtml() escapes all text and has no script', () => {
  const page: UnlockPage = {
    kind: 'trouble',
    message: '<script>alert(1)</script>',
    hint: '"&',
    again: true,
  };
  const html = unlockHtml(page, 'k');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).not.toContain('<script');
});

test('isSealedWithoutKeyring() recognises what Chromium encrypts without a keyring', () => {
  const sealed = (mark: string) => new TextEncoder().encode(`${mark}…`);
  expect([
    isSealedWithoutKeyring(sealed('v10'), 'linux'),
    isSealedWithoutKeyring(sealed('v11'), 'linux'),
    isSealedWithoutKeyring(sealed('v10'), 'darwin'),
    isSealedWithoutKeyring(new Uint8Array(), 'linux'),
  ]).toEqual([true, false, false, false]);
});

test('keyStorageText() names every way to protect the key', () => {
  const backends = ['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6', 'basic_text', 'unknown'];
  expect([
    ...backends.map((backend) => keyStorageText('keychain', backend, 'linux')),
    keyStorageText('keychain', '', 'darwin'),
    keyStorageText('keychain', '', 'win32'),
    keyStorageText('passphrase', 'kwallet', 'linux'),
    keyStorageText('none', 'kwallet', 'linux'),
  ]).toEqual([
    'GNOME Keyring (libsecret)',
    'KWallet',
    'KWallet 5',
    'KWallet 6',
    'no keyring (basic text)',
    'an unknown keyring',
    'macOS Keychain',
    'Windows data protection',
    'Your passphrase',
    'Nothing: any program running as you can read it',
  ]);
});
