import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    reporters: ['default', ['json', { outputFile: 'reports/vitest.json' }]],
    coverage: { include: ['main/**', 'preload/**'], reporter: ['text-summary', 'html'] },
  },
});
