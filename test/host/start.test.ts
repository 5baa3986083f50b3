import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startAgent } from '../../main/host/start.ts';
import { logTo } from '../fixtures/world.ts';

test('startAgent() says in words that the folder of the vault cannot be made', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keyfob-start-'));
  const home = join(folder, 'home');
  await writeFile(home, 'a file where a folder should be');
  const vault = join(home, 'vault');
  const places = {
    home,
    vault,
    settings: join(home, 'settings.json'),
    log: join(home, 'log'),
    socket: join(folder, 'agent.sock'),
  };
  const unlock = () => Promise.reject(new Error('nobody is asked'));
  const started = await startAgent({ places, unlock, log: logTo([]) });
  await rm(folder, { recursive: true });
  expect(started).toEqual({
    ok: false,
    failure: { code: 'disk-failed', path: vault, errno: 'ENOTDIR' },
  });
});
