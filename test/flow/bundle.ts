import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '..', '..');

/** Builds what ships; gives the path of `keyfob.js`. `name`: of the test, whose own build it is. */
export function buildKeyfob(name: string): Promise<string> {
  return buildInto(`out/test/${name}`, 'production', 'keyfob.js');
}

/** Builds demo and homeserver; gives the path of `demo.js`. */
export function buildDemo(name: string): Promise<string> {
  return buildInto(`out/test/${name}`, 'tools', 'demo.js');
}

/** Takes a third of a second: less than any doubt about which build was tested. */
async function buildInto(outDir: string, mode: string, file: string): Promise<string> {
  await build({
    root,
    mode,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir },
  });
  return join(root, outDir, file);
}
