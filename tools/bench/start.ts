import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { hostPaths } from '../../main/host/paths.ts';
import { chooseHost, root } from '../../test/e2e/host-kind.ts';
import { ensureBrowser } from '../../test/e2e/ensure-browser.ts';
import { newSession } from '../faults/session.ts';
import { startHomeserver } from '../homeserver/homeserver.ts';
import { vaultIn, withFolder } from '../scale/real-agent.ts';
import type { StartMoments } from './watch-start.ts';

/** A start that takes longer has failed. */
const LIMIT_MS = 60_000;

/** Milliseconds since the start of the process. `trayMs` null: this desktop has no tray. */
export type Start = Readonly<{ trayMs: number | null; paintMs: number }>;

/** The starts of the app and of a bare window on the same host, in pairs. */
export type Starts = Readonly<{
  host: string;
  pairs: readonly Readonly<{ app: Start; bare: Start }>[];
}>;

/**
 * Starts the app as built, with an account in an open vault, and in turn a window that does
 * nothing.
 */
export function startTimes(pairs: number): Promise<Starts> {
  const kind = chooseHost();
  if (kind === 'standin') ensureBrowser();
  return withFolder(async (home) => {
    const env = { ...process.env, KEYFOB_HOME: home, XDG_CONFIG_HOME: join(home, 'config') };
    const { vault } = hostPaths(env, process.platform, homedir(), process.getuid?.() ?? null);
    const server = await startHomeserver();
    const kept = await vaultIn(vault);
    await kept.save(await newSession(server));
    await kept.close();
    const found: Starts['pairs'][number][] = [];
    for (let pair = 0; pair < pairs; pair += 1) {
      const bare = await timeStart(join(root, 'tools/bench/bare'), env);
      found.push({ bare, app: await timeStart(root, env) });
    }
    await server.close();
    return { host: hostName(kind), pairs: found };
  });
}

async function timeStart(app: string, env: NodeJS.ProcessEnv): Promise<Start> {
  const electron = createRequire(import.meta.url)('electron') as unknown as string; // outside Electron: its path
  const watch = join(root, 'out/standin/watch-start.cjs');
  const startedAt = Date.now();
  const child = spawn(electron, ['--no-sandbox', '-r', watch, app], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: LIMIT_MS,
  });
  const over = once(child, 'exit');
  const line = (await text(child.stdout)).split('\n').find((said) => said.startsWith('{"trayAt"'));
  await over;
  if (line === undefined) throw new Error(`The app did not start: ${app}`);
  const { trayAt, paintedAt } = JSON.parse(line) as StartMoments; // from watch-start.ts
  return { trayMs: trayAt === null ? null : trayAt - startedAt, paintMs: paintedAt - startedAt };
}

function hostName(kind: ReturnType<typeof chooseHost>): string {
  const { version } = createRequire(import.meta.url)('electron/package.json') as {
    version: string; // npm's format
  };
  return kind === 'electron' ? `Electron ${version}` : `the stand-in for Electron ${version}`;
}
