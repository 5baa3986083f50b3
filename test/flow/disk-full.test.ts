import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeFiles } from '../../main/vault/files/node-files.ts';
import type { FileLayer, WritableFile } from '../../main/vault/files/file-layer.ts';
import { systemError } from '../vault/files/memory-disk.ts';
import { signInFirst, takeAndUse } from './renewing.ts';
import { accountsOf, sessionsOf } from './signing-in.ts';
import { Stage } from './stage.ts';
import { openFileVault } from './vault.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyfob-full-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** The real disk, without room for new data while `isFull`. */
function diskThat(isFull: () => boolean): FileLayer {
  const disk = nodeFiles();
  const filling = (file: WritableFile): WritableFile => ({
    write: (bytes) => (isFull() ? Promise.reject(systemError('ENOSPC')) : file.write(bytes)),
    sync: () => file.sync(),
    close: () => file.close(),
  });
  return {
    ...disk,
    create: async (path) => filling(await disk.create(path)),
    edit: async (path) => filling(await disk.edit(path)),
  };
}

/** Alice is signed in, and the disk is full while `full` is set. */
async function signedIn() {
  const room = { full: (): boolean => false };
  const vault = await openFileVault(
    folder,
    diskThat(() => room.full()),
  );
  const stage = await Stage.start({ vault });
  await signInFirst(stage);
  const refresh = async () => {
    const renewed = await stage.windFor(stage.engine.refresh('alice'));
    return renewed.ok ? 'ok' : renewed.failure.code;
  };
  return { room, vault, stage, refresh };
}

test('on a full disk no refresh is started, and the current token keeps working', async () => {
  const { room, stage, refresh } = await signedIn();
  room.full = () => true;
  const full = [await refresh(), stage.server.count('refresh'), await takeAndUse(stage)];
  room.full = () => false;
  await stage.pass(300_000); // a tool holds the token and must keep it
  const after = [accountsOf(stage), stage.server.count('refresh'), await takeAndUse(stage)];
  await stage.close();
  expect({ full, after }).toEqual({
    full: ['disk-full', 0, 'accepted'],
    after: [['alice active'], 1, 'accepted'],
  });
});

test("tokens that can't be saved are kept in memory, unused, until there is room", async () => {
  const { room, stage, refresh } = await signedIn();
  room.full = () => stage.server.count('refresh') > 0;
  const full = [await refresh(), accountsOf(stage), await takeAndUse(stage)];
  room.full = () => false;
  await stage.pass(60_000);
  const after = [accountsOf(stage), await takeAndUse(stage), stage.server.count('refresh')];
  await stage.close();
  expect({ full, after }).toEqual({
    full: ['disk-full', ['alice unsaved'], 'disk-full'],
    after: [['alice active'], 'accepted', 1],
  });
});

test("tokens that weren't saved before the process ended are requested again", async () => {
  const { room, vault, stage, refresh } = await signedIn();
  room.full = () => stage.server.count('refresh') > 0;
  const full = await refresh();
  await stage.stop();
  await vault.close();
  const reopened = await openFileVault(folder);
  const second = await Stage.on(stage.server, stage.clock, { vault: reopened });
  await second.pass(60_000);
  const after = [accountsOf(second), await takeAndUse(second), sessionsOf(second)];
  await second.close();
  expect({ full, after }).toEqual({
    full: 'disk-full',
    after: [['alice active'], 'accepted', ['alive']],
  });
});

test('a sign-in waits for free disk space before it uses its tokens', async () => {
  const room = { full: false };
  const vault = await openFileVault(
    folder,
    diskThat(() => room.full),
  );
  const stage = await Stage.start({ vault });
  stage.server.autoApprove('alice');
  room.full = true;
  const login = await stage.login();
  const noticed = () => {
    const state = stage.loginState(login);
    return state.step === 'verifying' ? state.notice?.code : undefined;
  };
  await stage.wind(() => noticed() !== undefined, 'a notice');
  await stage.pass(60_000);
  const full = [noticed(), stage.server.count('whoami')];
  room.full = false;
  await stage.wind(() => stage.loginState(login).step === 'done', 'the end of the sign-in');
  const after = [accountsOf(stage), await takeAndUse(stage)];
  await stage.close();
  expect({ full, after }).toEqual({
    full: ['disk-full', 0],
    after: [['alice active'], 'accepted'],
  });
});
