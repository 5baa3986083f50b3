import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import type { Bridge } from '../../preload/bridge.ts';
import { expect, test as base } from '../e2e/fixture.ts';
import { root } from '../e2e/host-kind.ts';
import type { HomeserverOptions, TestHomeserver } from '../../tools/homeserver/homeserver.ts';
import { startHomeserver } from '../../tools/homeserver/homeserver.ts';

declare global {
  interface Window {
    keyfob: Bridge;
  }
}

type AppFixtures = {
  /** The homeserver's options. */
  served: HomeserverOptions;
  /** A homeserver on loopback with a polling interval of one second, reachable by its server name. */
  homeserver: TestHomeserver;
};

/** The app in its own folder with its window drawn, and a homeserver. */
export const test = base.extend<AppFixtures>({
  served: [{}, { option: true }],
  // Autostart files go into the app's folder too, so that the real desktop isn't touched.
  env: async ({ userData }, use) => use({ XDG_CONFIG_HOME: join(userData, 'config') }),
  page: async ({ electron }, use) => use(await windowOf(electron)),
  homeserver: async ({ served }, use) => {
    const server = await startNearby(served);
    await use(server);
    await server.close();
  },
});

export { expect };

/** The app's window, once it has drawn something. */
export async function windowOf(electron: ElectronApplication): Promise<Page> {
  const page = await electron.firstWindow();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  return page;
}

/** A homeserver that is reachable by its server name, so that its user ids can be typed. */
export async function startNearby(options: HomeserverOptions = {}): Promise<TestHomeserver> {
  const port = options.port ?? (await freePort());
  return startHomeserver({ intervalS: 1, port, serverName: `127.0.0.1:${port}`, ...options });
}

/** Starts the app again in the same folder, after the first one has exited. */
export function startAgain(
  app: string,
  { env }: Readonly<{ env: Record<string, string> }>,
): Promise<ElectronApplication> {
  return _electron.launch({
    args: ['-r', join(root, 'out/standin/agent.cjs'), app],
    env,
    colorScheme: null,
    timeout: 40_000,
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo; // a TCP server that listens has an address of this kind
  probe.close();
  await once(probe, 'close');
  return port;
}
