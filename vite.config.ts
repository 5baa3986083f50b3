import { join } from 'node:path';
import { defineConfig } from 'vite';
import { notices } from './build/notices.ts';

/** What ships, and what only demo and tests run: built alike, kept apart. */
const builds = {
  product: { ships: true, outDir: 'out/node', input: { keyfob: 'main/cli/keyfob.ts' } },
  tools: {
    ships: false,
    outDir: 'out/tools',
    input: {
      demo: 'test/demo/main.ts',
      homeserver: 'test/homeserver/main.ts',
      faults: 'test/faults/main.ts',
      'die-at-step': 'test/faults/die-at-step.ts',
      'window-faults': 'test/window-faults/main.ts',
      scale: 'test/scale/main.ts',
      bench: 'test/bench/main.ts',
      preview: 'test/preview/main.ts',
    },
  },
};

export default defineConfig(({ mode }) => {
  const { ships, outDir, input } = mode === 'tools' ? builds.tools : builds.product;
  return {
    plugins: [ships && notices(join(import.meta.dirname, 'out'), 'node')],
    ssr: { noExternal: true, external: ['oidc-provider'] },
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      emptyOutDir: true,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input,
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          // What `keyfob token` needs, in one chunk: it stands in front of every request.
          codeSplitting: {
            groups: [
              {
                name: 'fast',
                test: /main[\\/]cli[\\/](main|token|process-world)\.ts$/,
                includeDependenciesRecursively: true,
              },
            ],
          },
        },
      },
    },
  };
});
