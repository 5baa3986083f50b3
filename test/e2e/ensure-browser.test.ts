import { expect, test } from 'vitest';
import { ensureBrowser, noBrowser } from './ensure-browser.ts';
import type { Machine } from './ensure-browser.ts';

function machine(given: Partial<Machine> & { installs?: boolean }) {
  const ran: string[] = [];
  let installed = false;
  const made: Machine = {
    find: () => (installed ? '/usr/bin/chromium' : undefined),
    isRoot: true,
    has: () => true,
    run: (program, args) => {
      ran.push([program, ...args].join(' '));
      installed = given.installs ?? false;
    },
    ...given,
  };
  return { made, ran };
}

test('ensureBrowser() installs nothing if there is a browser', () => {
  const { made, ran } = machine({ find: () => '/opt/chromium' });
  expect([ensureBrowser(made), ran]).toEqual(['/opt/chromium', []]);
});

test('ensureBrowser() installs as root, after apt-get update', () => {
  const { made, ran } = machine({ installs: true });
  expect([ensureBrowser(made), ran]).toEqual([
    '/usr/bin/chromium',
    [
      'env DEBIAN_FRONTEND=noninteractive apt-get -q update',
      'env DEBIAN_FRONTEND=noninteractive apt-get -q -y install chromium',
    ],
  ]);
});

test('ensureBrowser() uses sudo only without a password', () => {
  const { made, ran } = machine({ isRoot: false, installs: true });
  ensureBrowser(made);
  expect(ran.map((line) => line.slice(0, 12))).toEqual(['sudo -n env ', 'sudo -n env ']);
});

test.each<[string, Partial<Machine>]>([
  ['without apt', { has: (program) => program !== 'apt-get' }],
  ['without sudo', { isRoot: false, has: (program) => program !== 'sudo' }],
  ['when apt brings none', {}],
  [
    'when apt fails',
    {
      run: () => {
        throw new Error('100');
      },
    },
  ],
])('ensureBrowser() says in one sentence what is missing, %s', (_, given) => {
  expect(() => ensureBrowser(machine(given).made)).toThrow(noBrowser);
});
