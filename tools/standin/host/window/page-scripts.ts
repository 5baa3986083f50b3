import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessFacts } from '../../page/messages.ts';

/** The event name by which the two worlds find each other, once per document. Pages can't guess it. */
const token = JSON.stringify(`standin-${randomUUID()}`);

/** The script for the page's own world. */
export function mainWorldScript(): string {
  return `(() => {${built('main-world')}; standinMainWorld.start(${token}); })()`;
}

/**
 * The script for the isolated world, including the preload's source.
 *
 * Electron gives sandboxed preloads a substitute for `Buffer`; here they have none, and using it throws.
 */
export function isolatedWorldScript(preload: string | undefined, args: readonly string[]): string {
  const facts = JSON.stringify(factsFor(args));
  const path = JSON.stringify(preload ?? '');
  const body = preload === undefined ? '' : readFileSync(preload, 'utf8');
  const names = 'require, process, global, setImmediate, clearImmediate, exports, module';
  return `(() => {${built('isolated-world')}; standinIsolatedWorld.start(${token}, ${facts}, ${path}, function (${names}) {${body}\n}); })()`;
}

/** The script that enforces a WebRTC policy in the page's own world. @throws Error for an unsupported policy */
export function peerConnectionScript(policy: string): string {
  if (policy !== 'disable_non_proxied_udp') {
    throw new Error(`electron stand-in: the WebRTC policy ${policy} is not provided`);
  }
  return `(() => {${built('main-world')}; standinMainWorld.withoutUdp(); })()`;
}

function factsFor(args: readonly string[]): ProcessFacts {
  const { platform, arch, version, versions, env, execPath } = process;
  return {
    type: 'renderer',
    platform,
    arch,
    version,
    versions: { ...versions },
    env: { ...env },
    argv: [execPath, ...args],
    execPath,
    pid: 0,
    sandboxed: true,
    contextIsolated: true,
    isMainFrame: true,
  };
}

function built(name: string): string {
  return readFileSync(join(__dirname, `${name}.js`), 'utf8');
}
