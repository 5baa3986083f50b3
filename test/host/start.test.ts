import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startAgent } from '../../main/host/start.ts';
import { logTo } from '../fixtures/world.ts';

test("startAgent() reports that the vault's folder cannot be created", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keyfob-start-'));
  const home = join(folder, 'home');
  await writeFile(home, 'a file where a folder should be');
  const vault = join(home, 'vault');
  const paths = {
    home,
    vault,
    settings: join(home, 'settings.json'),
    log: join(home, 'log'),
    socket: join(folder, 'agent.sock'),
  };
  const unlock = () => Promise.reject(new Error('not expected'));
  const started = await startAgent({ paths, unlock, log: logTo([]) });
  await rm(folder, { recursive: true });
  expect(started).toEqual({
    ok: false,
    failure: { code: 'disk-failed', path: vault, errno: 'ENOTDIR' },
  });
});
