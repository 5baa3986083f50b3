import { join } from 'node:path';
import { defineConfig } from 'vite';
import { notices } from '../build/notices.ts';

/** A sandboxed preload is one CommonJS file: it cannot load a second one. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [notices(join(import.meta.dirname, '../out'), 'preload')],
  build: {
    target: 'chrome140',
    outDir: '../out/preload',
    emptyOutDir: true,
    minify: false,
    reportCompressedSize: false,
    lib: { entry: 'preload.ts', formats: ['cjs'], fileName: () => 'preload.cjs' },
    rolldownOptions: { external: ['electron'] },
  },
});
