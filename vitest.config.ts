import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{test,tools}/**/*.test.ts'],
    testTimeout: 20_000,
    reporters: ['default', ['json', { outputFile: 'reports/vitest.json' }]],
    coverage: {
      include: ['common/**', 'main/**', 'preload/**'],
      reporter: ['text-summary', 'html'],
    },
  },
});
