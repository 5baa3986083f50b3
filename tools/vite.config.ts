import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentOptions, InlineConfig, Plugin } from 'vite';
import { moduleNames } from './standin/module-names.ts';

const here = import.meta.dirname;
const out = join(here, '../out');
const standin = join(here, 'standin');
const shared = { minify: false, reportCompressedSize: false } as const;

/** The programs that are no part of the product: demo, homeserver, fault runs, measurements. */
export function programsConfig(outDir: string): InlineConfig {
  const programs: EnvironmentOptions = {
    consumer: 'server',
    resolve: { noExternal: true, external: ['oidc-provider'] },
    build: {
      ...shared,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: {
        input: {
          demo: join(here, 'demo/main.ts'),
          homeserver: join(here, 'homeserver/main.ts'),
          faults: join(here, 'faults/main.ts'),
          'die-at-step': join(here, 'faults/die-at-step.ts'),
          'window-faults': join(here, 'window-faults/main.ts'),
          scale: join(here, 'scale/main.ts'),
          bench: join(here, 'bench/main.ts'),
          preview: join(here, 'preview/main.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  };
  return {
    root: here,
    publicDir: false,
    environments: { programs },
    builder: {
      async buildApp(builder) {
        await builder.build(builder.environments.programs!);
      },
    },
  };
}

/** The files beside the stand-in's bundles: the module's face for `import`, and the panel. */
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
    const panel = readFileSync(join(standin, 'panel/panel.html'), 'utf8');
    this.emitFile({ type: 'asset', fileName: 'panel.html', source: panel });
  },
};

/** CommonJS, so that `require` and Node 20 can load it; all in one folder, beside each other. */
function hostFiles(outDir: string): EnvironmentOptions {
  return {
    consumer: 'server',
    resolve: { noExternal: true, external: ['electron'] },
    build: {
      ...shared,
      outDir,
      emptyOutDir: false,
      target: 'node20',
      rolldownOptions: {
        input: {
          boot: join(standin, 'boot.ts'),
          run: join(standin, 'run.ts'),
          electron: join(standin, 'electron-module.ts'),
          agent: join(here, '../test/e2e/agent.ts'),
          'watch-start': join(here, 'bench/watch-start.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-chunk.cjs' },
      },
    },
  };
}

/** One script for each world of a page; the host wraps it and sends it to Chromium. */
function pageScript(outDir: string, name: string, global: string): EnvironmentOptions {
  const entry = join(standin, `page/${name}.ts`);
  const fileName = (): string => `${name}.js`;
  return {
    consumer: 'client',
    build: {
      ...shared,
      outDir,
      emptyOutDir: false,
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

/** `vite build --app` builds the programs; `--mode standin` the stand-in for Electron. */
export default ({ mode }: Readonly<{ mode: string }>): InlineConfig =>
  mode === 'standin' ? standinConfig(join(out, 'standin')) : programsConfig(join(out, 'tools'));
