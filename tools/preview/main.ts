import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHomeserver } from '../homeserver/homeserver.ts';

// Shows the built app on the stand-in, in a visible Chromium, with a test homeserver. Without a
// display: takes a screenshot of every view, light and dark.

const root = join(import.meta.dirname, '../..');
const { env, platform } = process;
const hasDisplay = platform !== 'linux' || Boolean(env.DISPLAY ?? env.WAYLAND_DISPLAY);

process.exitCode = hasDisplay ? await showApp() : await takePictures();

async function showApp(): Promise<number> {
  const server = await startHomeserver({ personality: 'tuwunel' });
  const home = await mkdtemp(join(tmpdir(), 'keyfob-preview-'));
  say(`Test homeserver at ${server.baseUrl}: use this address to add an account.`);
  say(
    'Tray menu, clipboard and notifications are on the page beside the window. Press Ctrl-C to stop.',
  );
  const shown = { ...env, STANDIN_VISIBLE: '1', KEYFOB_HOME: home };
  const code = await run(join(root, 'tools/standin/bin/electron'), [root], shown);
  await server.close();
  await rm(home, { recursive: true, force: true });
  return code;
}

async function takePictures(): Promise<number> {
  say('No display found: taking screenshots instead.');
  const config = join(root, 'tools/preview/playwright.config.ts');
  const cli = join(root, 'node_modules/@playwright/test/cli.js');
  const code = await run(process.execPath, [cli, 'test', '-c', config], env);
  const folder = process.env.KEYFOB_SCREENSHOTS ?? join(root, 'out/preview');
  if (code === 0) say(`Screenshots saved to ${folder}.`);
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
