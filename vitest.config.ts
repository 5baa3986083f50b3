import { configDefaults, defineConfig } from 'vitest/config';
import { LongFilesFirst } from './test/long-files-first.ts';

const everyFile = ['{test,tools}/**/*.test.ts'];

/** Files that start processes, build, replace a module or take long: each gets a process of its own. */
const alone = [
  '{test,tools}/*.test.ts',
  'test/{e2e,electron,flow,host,packaging,vault}/**/*.test.ts',
  'test/accounts/model/*.test.ts',
  'tools/**/*.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    // Every core; the default leaves one of them idle, which is half of a small machine.
    maxWorkers: '100%',
    sequence: { sequencer: LongFilesFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      {
        extends: true,
        test: {
          name: 'shared',
          include: everyFile,
          exclude: [...configDefaults.exclude, ...alone],
          // Pure functions and fakes: loading the modules anew for each file takes longer than the tests.
          isolate: false,
        },
      },
    ],
    reporters: ['default', ['json', { outputFile: 'reports/vitest.json' }]],
    coverage: {
      include: ['common/**', 'main/**', 'preload/**'],
      reporter: ['text-summary', 'html'],
    },
  },
});
