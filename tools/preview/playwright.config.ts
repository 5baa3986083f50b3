import { defineConfig } from '@playwright/test';

/** Takes screenshots of the window instead of testing it. */
export default defineConfig({
  testDir: '.',
  testMatch: 'screenshots.ts',
  outputDir: '../../reports/preview',
  workers: 1,
  reporter: 'dot',
});
