import type { ElectronApplication, Page } from '@playwright/test';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '../../../test/e2e/fixture.ts';
import { eventsOf, sampleApp } from './sample-app.ts';

test.use({
  app: sampleApp,
  env: { STANDIN_PANEL: '1' },
  args: ['--host-resolver-rules=MAP * ~NOTFOUND'],
});

test('the panel shows the desktop, and its buttons reach the app', async ({ electron, host }) => {
  const panel = await panelOf(electron);
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

test('a link in the panel opens in a separate browser, regardless of what the app allows its pages', async ({
  electron,
}) => {
  const server = createServer((_request, response) => response.end('approved'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  const asked = new Promise((resolve) => server.once('request', ({ url }) => resolve(url)));
  const link = `http://127.0.0.1:${port}/link`;
  const panel = await panelOf(electron);
  // The fixture replaces openExternal(); this adds to the same list.
  await electron.evaluate(({ shell }, url) => shell.showItemInFolder(url), link);
  await panel.getByRole('button', { name: link }).click();
  expect([await asked, electron.windows().length]).toEqual(['/link', 2]);
  server.closeAllConnections();
  server.close();
});

async function panelOf(electron: ElectronApplication): Promise<Page> {
  const title = 'Desktop of the stand-in';
  const titles = (): Promise<string[]> =>
    Promise.all(electron.windows().map((page) => page.title()));
  await expect.poll(titles).toContain(title);
  return electron.windows()[(await titles()).indexOf(title)]!;
}
