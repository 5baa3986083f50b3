/// <reference lib="dom" />
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '../../../test/e2e/fixture.ts';
import { eventsOf, sampleApp } from './sample-app.ts';

// Ways out of a page without a request to a server.

test.use({ app: sampleApp });

test('a page that navigates to its own blob document triggers will-navigate, and stays', async ({
  electron,
  page,
  host,
}) => {
  const url = await page.evaluate(() => {
    const own = URL.createObjectURL(new Blob(['<h1>Own</h1>'], { type: 'text/html' }));
    location.href = own;
    return own;
  });
  await expect.poll(() => eventsOf(electron)).toContainEqual(['will-navigate', url]);
  expect([await host.window(), host.stderr()]).toMatchObject([
    { url: 'app://sample/index.html' },
    expect.not.stringContaining('electron stand-in:'),
  ]);
});

test('a page opened without an event reaches the window-open handler and loads nothing', async ({
  electron,
  page,
}) => {
  const asked: unknown[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  const opened = electron.waitForEvent('window');
  await page.evaluate((address) => {
    const link = document.createElement('a');
    link.href = address;
    link.target = '_blank';
    link.click(); // in no document
  }, `http://127.0.0.1:${port}/`);
  const other = await opened;
  await expect.poll(() => other.isClosed()).toBe(true);
  server.close();
  server.closeAllConnections();
  const wished = (await eventsOf(electron)).filter(([name]) => name === 'open');
  expect([wished.length, asked, electron.windows().length]).toEqual([1, [], 1]);
});

test('will-download is emitted for downloads; allowing one prints that downloads are not provided', async ({
  electron,
  page,
  host,
}) => {
  await page.evaluate(() => {
    for (const name of ['refused.txt', 'allowed.txt']) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(['content']));
      link.download = name;
      link.click();
    }
  });
  await expect.poll(() => host.stderr()).toContain('the app allows the download of blob:');
  const asked = (await eventsOf(electron)).filter(([name]) => name === 'will-download');
  expect([asked, host.stderr().match(/the app allows/g)]).toEqual([
    [
      ['will-download', 'refused.txt', true],
      ['will-download', 'allowed.txt', true],
    ],
    ['the app allows'],
  ]);
});

test('a WebRTC policy stops pages from sending over UDP; other policies are refused', async ({
  electron,
  page,
}) => {
  const server = createSocket('udp4');
  const heard = new Promise((resolve) => server.once('message', () => resolve('a packet')));
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const reloaded = page.waitForEvent('load');
  const answers = await electron.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const { webContents } = window!;
    const set = (policy: 'default' | 'disable_non_proxied_udp'): string => {
      try {
        webContents.setWebRTCIPHandlingPolicy(policy);
        return 'set';
      } catch (error) {
        return String(error);
      }
    };
    const answers = [set('default'), set('disable_non_proxied_udp')];
    window!.reload();
    return answers;
  });
  await reloaded;
  const gathered = page.evaluate(gatherCandidates, port).then(() => 'nothing');
  const before = await Promise.race([heard, gathered]);
  server.close();
  expect([before, ...answers]).toEqual([
    'nothing',
    'Error: electron stand-in: the WebRTC policy default is not provided',
    'set',
  ]);
});

/** Uses the port as a STUN server; resolves when ICE gathering is complete. */
async function gatherCandidates(port: number): Promise<void> {
  const connection = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${port}` }] });
  const ended = new Promise<void>((resolve) => {
    connection.onicegatheringstatechange = () => {
      if (connection.iceGatheringState === 'complete') resolve();
    };
  });
  connection.createDataChannel('any');
  await connection.setLocalDescription(await connection.createOffer());
  await ended;
}
