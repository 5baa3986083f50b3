import preact from '@preact/preset-vite';
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { notices } from '../build/notices.ts';

/** What ships, and the page that shows every view in every state: the same code, built alike. */
const builds = {
  window: { root: import.meta.dirname, outDir: '../out/renderer', ships: true },
  gallery: {
    root: `${import.meta.dirname}/../test/renderer/gallery`,
    outDir: '../../../out/gallery',
    ships: false,
  },
};

export default defineConfig(({ mode }) => {
  const { root, outDir, ships } = mode === 'gallery' ? builds.gallery : builds.window;
  return {
    root,
    // Served by a scheme of the app's own, so no URL may be absolute.
    base: './',
    plugins: [
      preact({ devToolsEnabled: false }),
      ships && notices(join(import.meta.dirname, '../out'), 'renderer'),
    ],
    build: {
      target: 'chrome140',
      outDir,
      emptyOutDir: true,
      // A data: URL would need an exception in the content security policy.
      assetsInlineLimit: 0,
      modulePreload: false,
      reportCompressedSize: true,
    },
  };
});
