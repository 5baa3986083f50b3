import { ok } from '../../common/result.ts';
import { Secret } from '../../main/protocol/secret.ts';
import type { FileLayer } from '../../main/vault/files/file-layer.ts';
import type { OpenVault } from '../../main/vault/file-vault.ts';
import { nodeFiles } from '../../main/vault/files/node-files.ts';
import { openVault } from '../../main/vault/open-vault.ts';
import { passphraseKeyProvider } from '../../main/vault/keys/passphrase-provider.ts';

/** A vault on the disk as the agent opens it, without the time that a key derivation takes. */
export async function openFileVault(
  folder: string,
  files: FileLayer = nodeFiles(),
): Promise<OpenVault> {
  const provider = passphraseKeyProvider(new Secret('correct horse'), { N: 2 ** 10, r: 8, p: 1 });
  const unlock = () => Promise.resolve(ok(provider));
  const opened = await openVault({ folder, unlock, files, now: Date.now });
  if (!opened.ok) throw new Error(`Cannot open the vault: ${opened.failure.code}`);
  return opened.value;
}
