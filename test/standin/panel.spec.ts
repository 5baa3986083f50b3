import { expect, test } from '../e2e/fixture.ts';
import { eventsOf, sampleApp } from './sample-app.ts';

test.use({ app: sampleApp, env: { STANDIN_PANEL: '1' } });

test('the panel shows the desktop, and its buttons reach the app', async ({ electron, host }) => {
  const title = 'Desktop of the stand-in';
  const titles = (): Promise<string[]> =>
    Promise.all(electron.windows().map((page) => page.title()));
  await expect.poll(titles).toContain(title);
  const panel = electron.windows()[(await titles()).indexOf(title)]!;
  const tray = panel.getByRole('region', { name: 'Tray' });
  await expect(tray.getByRole('button')).toHaveText([
    'Sample',
    'Show',
    'Copy',
    'Never',
    'Dark',
    'Notify',
    'Login',
    'Link',
    'Quit',
  ]);
  await tray.getByRole('button', { name: 'Sample' }).click();
  await tray.getByRole('button', { name: 'Copy' }).click();
  await tray.getByRole('button', { name: 'Dark' }).click();
  await expect(tray.getByRole('button', { name: 'Dark' })).toHaveText('✓ Dark');
  await expect(tray.getByRole('button', { name: 'Never' })).toBeDisabled();
  await expect(panel.getByRole('region', { name: 'Clipboard' })).toContainText('copied by menu');
  expect([await host.copied(), (await eventsOf(electron)).flat()]).toEqual([
    ['copied by menu'],
    expect.arrayContaining(['tray-click']),
  ]);
});
