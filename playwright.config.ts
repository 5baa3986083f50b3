import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';
import { hostKind } from './test/e2e/host-kind.ts';

export default defineConfig({
  testDir: '.',
  testMatch: '{test,tools}/**/*.spec.ts',
  // The stand-in's own specs have nothing to say about Electron itself.
  testIgnore: hostKind() === 'electron' ? 'tools/standin/**' : [],
  globalSetup: './test/e2e/global-setup.ts',
  outputDir: 'reports/specs',
  fullyParallel: true,
  // Every app has a folder and, in the stand-in, a clipboard of its own; Electron's clipboard is the desktop's.
  workers: Number(process.env.WORKERS ?? (hostKind() === 'electron' ? 1 : availableParallelism())),
  // Whole processes and browsers start here: one that does not come up is tried once more, and told as flaky.
  retries: process.env.CI === undefined ? 0 : 1,
  forbidOnly: true,
  // For a machine that does much else: nothing here waits for time to pass.
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [
    ['list'],
    ['json', { outputFile: 'reports/specs.json' }],
    ['./test/e2e/host-reporter.ts'],
  ],
  use: { trace: 'retain-on-failure' },
});
