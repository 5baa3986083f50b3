import { join } from 'node:path';
import { createBuilder } from 'vite';
import type { InlineConfig } from 'vite';
import { programsConfig } from '../../tools/vite.config.ts';
import { productConfig } from '../../vite.config.ts';

const builds = join(import.meta.dirname, '../../out/test');

/**
 * Builds the command line; gives the path of `keyfob.js`. `name`: the test's name, since each test
 * has its own build.
 */
export async function buildKeyfob(name: string): Promise<string> {
  const out = join(builds, name);
  await buildAll(productConfig(out, ['node']));
  return join(out, 'node/keyfob.js');
}

/** Builds the demo and the homeserver; gives the path of `demo.js`. */
export async function buildDemo(name: string): Promise<string> {
  const out = join(builds, name);
  await buildAll(programsConfig(out));
  return join(out, 'demo.js');
}

/** Takes a third of a second, and guarantees that the current code is tested. */
async function buildAll(config: InlineConfig): Promise<void> {
  const builder = await createBuilder({ ...config, configFile: false, logLevel: 'warn' });
  await builder.buildApp();
}
