import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { EnvironmentOptions, InlineConfig, Plugin } from 'vite';
import { moduleNames } from './module-names.ts';

const here = import.meta.dirname;
const common = { emptyOutDir: false, minify: false, reportCompressedSize: false } as const;

/** The files beside the bundles: the module's face for `import`, and the panel. */
const besides: Plugin = {
  name: 'standin-besides',
  applyToEnvironment: ({ name }) => name === 'host',
  generateBundle() {
    const face = [
      "import electron from './electron.cjs';",
      'export default electron;',
      `export const { ${moduleNames.join(', ')} } = electron;\n`,
    ];
    this.emitFile({ type: 'asset', fileName: 'electron.mjs', source: face.join('\n') });
    const panel = readFileSync(join(here, 'panel/panel.html'), 'utf8');
    this.emitFile({ type: 'asset', fileName: 'panel.html', source: panel });
  },
};

/** CommonJS, so that `require` and Node 20 can load it; all in one folder, beside each other. */
function hostFiles(outDir: string): EnvironmentOptions {
  return {
    consumer: 'server',
    resolve: { noExternal: true, external: ['electron'] },
    build: {
      ...common,
      outDir,
      target: 'node20',
      rolldownOptions: {
        input: {
          boot: join(here, 'boot.ts'),
          run: join(here, 'run.ts'),
          electron: join(here, 'electron-module.ts'),
          agent: resolve(here, '../../test/e2e/agent.ts'),
          'watch-start': resolve(here, '../bench/watch-start.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-chunk.cjs' },
      },
    },
  };
}

/** One script for each world of a page; the host wraps it and sends it to Chromium. */
function pageScript(outDir: string, name: string, global: string): EnvironmentOptions {
  const entry = join(here, `page/${name}.ts`);
  const fileName = (): string => `${name}.js`;
  return {
    consumer: 'client',
    build: {
      ...common,
      outDir,
      target: 'es2023',
      lib: { entry, formats: ['iife'], name: global, fileName },
    },
  };
}

/** What builds the stand-in into a folder: three builds in a row, the host's and one for each world. */
export function standinConfig(outDir: string): InlineConfig {
  return {
    root: here,
    publicDir: false,
    logLevel: 'warn',
    plugins: [besides],
    environments: {
      host: hostFiles(outDir),
      mainWorld: pageScript(outDir, 'main-world', 'standinMainWorld'),
      isolatedWorld: pageScript(outDir, 'isolated-world', 'standinIsolatedWorld'),
    },
    builder: {
      async buildApp(builder) {
        for (const name of ['host', 'mainWorld', 'isolatedWorld']) {
          await builder.build(builder.environments[name]!);
        }
      },
    },
  };
}

export default standinConfig(resolve(here, '../../out/standin'));
