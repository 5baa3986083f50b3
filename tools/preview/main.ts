import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHomeserver } from '../homeserver/homeserver.ts';

// The app as built, on the stand-in, in a visible Chromium, against the homeserver for tests. Without a
// display: a picture of every view, light and dark.

const root = join(import.meta.dirname, '../..');
const { env, platform } = process;
const hasDisplay = platform !== 'linux' || Boolean(env.DISPLAY ?? env.WAYLAND_DISPLAY);

process.exitCode = hasDisplay ? await showApp() : await takePictures();

async function showApp(): Promise<number> {
  const server = await startHomeserver({ personality: 'tuwunel' });
  const home = await mkdtemp(join(tmpdir(), 'keyfob-preview-'));
  say(`A homeserver for tests runs at ${server.baseUrl}: add an account there.`);
  say('Tray menu, clipboard and notifications are on the page beside the window. Ctrl-C ends it.');
  const shown = { ...env, STANDIN_VISIBLE: '1', KEYFOB_HOME: home };
  const code = await run(join(root, 'tools/standin/bin/electron'), [root], shown);
  await server.close();
  await rm(home, { recursive: true, force: true });
  return code;
}

async function takePictures(): Promise<number> {
  say('There is no display here, so the views become pictures.');
  const config = join(root, 'tools/preview/playwright.config.ts');
  const cli = join(root, 'node_modules/@playwright/test/cli.js');
  const code = await run(process.execPath, [cli, 'test', '-c', config], env);
  const folder = process.env.KEYFOB_SCREENSHOTS ?? join(root, 'out/preview');
  if (code === 0) say(`They are in ${folder}.`);
  return code;
}

function run(program: string, args: readonly string[], vars: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: vars });
    const passOn = (): void => void child.kill('SIGTERM');
    process.once('SIGINT', passOn);
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('SIGINT', passOn);
      resolve(code ?? 0);
    });
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
