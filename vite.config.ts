import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { perEnvironmentPlugin } from 'vite';
import type { EnvironmentOptions, InlineConfig, Plugin } from 'vite';
import { notices } from './build/notices.ts';

const root = import.meta.dirname;

/** What ships: command line and agent (Node), and the app's three parts: main process, preload script, window. */
const PARTS = ['node', 'main', 'preload', 'window'] as const;
type Part = (typeof PARTS)[number];

const shared = { emptyOutDir: true, minify: false, reportCompressedSize: false } as const;

/** The command line and the agent, for the system's own Node. */
function node(outDir: string): EnvironmentOptions {
  return {
    consumer: 'server',
    resolve: { noExternal: true },
    build: {
      ...shared,
      outDir,
      target: 'node20',
      rolldownOptions: {
        input: { keyfob: join(root, 'main/cli/keyfob.ts') },
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          // What `keyfob token` needs, in one chunk: it runs before every request of a script.
          codeSplitting: {
            groups: [
              {
                name: 'fast',
                test: /main[\\/]cli[\\/](main|commands[\\/]token|terminal[\\/]process-io)\.ts$/,
                includeDependenciesRecursively: true,
              },
            ],
          },
        },
      },
    },
  };
}

/** The main process: one ESM bundle with everything in it but Electron itself. */
function main(outDir: string): EnvironmentOptions {
  return {
    consumer: 'server',
    resolve: { noExternal: true, external: ['electron'] },
    build: {
      ...shared,
      outDir,
      target: 'node24',
      rolldownOptions: {
        input: { main: join(root, 'main/electron/main.ts') },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  };
}

/** A sandboxed preload script is one CommonJS file: it cannot load a second one. */
function preload(outDir: string): EnvironmentOptions {
  return {
    consumer: 'client',
    build: {
      ...shared,
      outDir,
      target: 'chrome140',
      lib: {
        entry: join(root, 'preload/preload.ts'),
        formats: ['cjs'],
        fileName: () => 'preload.cjs',
      },
      rolldownOptions: { external: ['electron'] },
    },
  };
}

/** A page of the window: the one that ships, and the gallery of every view that is built alike. */
export function page(html: string, outDir: string): EnvironmentOptions {
  return {
    consumer: 'client',
    build: {
      outDir,
      emptyOutDir: true,
      target: 'chrome140',
      // A data: URL would need an exception in the content security policy.
      assetsInlineLimit: 0,
      modulePreload: false,
      reportCompressedSize: true,
      rolldownOptions: { input: html },
    },
  };
}

/** The icons for tray and windows, beside the main process's bundle. */
const icons: Plugin = {
  name: 'keyfob-icons',
  applyToEnvironment: ({ name }) => name === 'main',
  generateBundle() {
    const folder = join(root, 'build/icons/app');
    for (const name of readdirSync(folder)) {
      const source = readFileSync(join(folder, name));
      this.emitFile({ type: 'asset', fileName: `icons/${name}`, source });
    }
  },
};

/** Builds `parts` into a folder for each below `out`, one after another. */
export function productConfig(out: string, parts: readonly Part[] = PARTS): InlineConfig {
  return {
    root: join(root, 'renderer'),
    publicDir: false,
    // The window is served by a scheme of the app's own, so no URL may be absolute.
    base: './',
    plugins: [icons, perEnvironmentPlugin('keyfob-notices', ({ name }) => notices(out, name))],
    environments: {
      node: node(join(out, 'node')),
      main: main(join(out, 'main')),
      preload: preload(join(out, 'preload')),
      window: page(join(root, 'renderer/index.html'), join(out, 'renderer')),
    },
    builder: {
      async buildApp(builder) {
        for (const part of parts) {
          const environment = builder.environments[part];
          if (environment !== undefined) await builder.build(environment);
        }
      },
    },
  };
}

/** `vite build --app` builds all parts; `--mode node` only the command line and the agent. */
export default ({ mode }: Readonly<{ mode: string }>): InlineConfig =>
  productConfig(join(root, 'out'), mode === 'node' ? ['node'] : PARTS);
