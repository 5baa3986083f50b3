// Adds up what the suites reported of themselves. Fails when a test failed or none ran.
import { existsSync, readFileSync } from 'node:fs';

const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);

const vitest = read('reports/vitest.json');
const specs = read('reports/specs.json')?.stats;

const passed = (vitest?.numPassedTests ?? 0) + (specs?.expected ?? 0) + (specs?.flaky ?? 0);
const failedSuites = vitest?.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
).length;
const failed = (vitest?.numFailedTests ?? 0) + (failedSuites ?? 0) + (specs?.unexpected ?? 0);

process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
