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
      demo: 'tools/demo/main.ts',
      homeserver: 'tools/homeserver/main.ts',
      faults: 'tools/faults/main.ts',
      'die-at-step': 'tools/faults/die-at-step.ts',
      'window-faults': 'tools/window-faults/main.ts',
      scale: 'tools/scale/main.ts',
      bench: 'tools/bench/main.ts',
      preview: 'tools/preview/main.ts',
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
                test: /main[\\/]cli[\\/](main|commands[\\/]token|terminal[\\/]process-io)\.ts$/,
                includeDependenciesRecursively: true,
              },
            ],
          },
        },
      },
    },
  };
});
