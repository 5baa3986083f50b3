import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { notices } from '../../build/notices.ts';

const root = join(import.meta.dirname, '../..');

/** The pictures for tray and windows lie beside the bundle. */
const icons: Plugin = {
  name: 'keyfob-icons',
  generateBundle() {
    const folder = join(root, 'build/icons/app');
    for (const name of readdirSync(folder)) {
      const source = readFileSync(join(folder, name));
      this.emitFile({ type: 'asset', fileName: `icons/${name}`, source });
    }
  },
};

/** The main process: one ESM bundle with everything in it but Electron itself. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [icons, notices(join(root, 'out'), 'main')],
  ssr: { noExternal: true, external: ['electron'] },
  build: {
    ssr: true,
    target: 'node24',
    outDir: join(root, 'out/main'),
    emptyOutDir: true,
    minify: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { main: join(import.meta.dirname, 'main.ts') },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
