import { expect, test } from '../../../test/e2e/fixture.ts';
import { eventsOf, sampleApp } from './sample-app.ts';

test.use({ app: sampleApp, env: { SAMPLE_PRELOAD: 'preload-with-fs.js' } });

test('a preload that requires fs fails as a whole, and the app gets preload-error', async ({
  electron,
  page,
}) => {
  await expect(page.locator('#state')).toHaveText('undefined');
  await expect
    .poll(() => eventsOf(electron))
    .toContainEqual(['preload-error', 'Error: module not found: fs']);
});
