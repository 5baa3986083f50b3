/// <reference lib="dom" />
import { expect, test } from '../../../test/e2e/fixture.ts';
import { eventsOf, sampleApp } from './sample-app.ts';
import type { SampleWindow } from './sample-app.ts';

test.use({ app: sampleApp });

test('ipcRenderer.invoke() passes on everything that the structured clone algorithm supports', async ({
  page,
}) => {
  const seen = await page.evaluate(async () => {
    const { api } = window as unknown as SampleWindow;
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    const back = (await api.invoke!('echo', {
      cycle,
      date: new Date(5),
      map: new Map([['key', new Set([1n])]]),
      bytes: new Uint8Array([1, 2, 255]),
      numbers: [-0, NaN, Infinity],
      nothing: [undefined, null],
      error: new TypeError('wrong'),
    })) as Record<string, unknown>;
    const { map, bytes, date, error, numbers } = back as {
      map: Map<string, Set<bigint>>;
      bytes: Uint8Array;
      date: Date;
      error: Error;
      numbers: number[];
    };
    return [
      (back.cycle as { self: unknown }).self === back.cycle,
      date.getTime(),
      [...map.get('key')!].map(String),
      [...bytes],
      numbers.map((number) => (Object.is(number, -0) ? '-0' : String(number))),
      back.nothing,
      `${error.name}: ${error.message}`,
    ];
  });
  expect(seen).toEqual([
    true,
    5,
    ['1'],
    [1, 2, 255],
    ['-0', 'NaN', 'Infinity'],
    [undefined, null],
    'Error: wrong',
  ]);
});

test('ipcRenderer.invoke() rejects with the message of Electron', async ({ page }) => {
  const messages = await page.evaluate(async () => {
    const { api } = window as unknown as SampleWindow;
    const messageOf = async (channel: string): Promise<unknown> => {
      try {
        return await api.invoke!(channel);
      } catch (error) {
        return error instanceof Error && error.message;
      }
    };
    return [await messageOf('fail'), await messageOf('nobody'), await messageOf('function')];
  });
  expect(messages).toEqual([
    "Error invoking remote method 'fail': TypeError: the answer is no",
    "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
    "Error invoking remote method 'function': Error: An object could not be cloned.",
  ]);
});

test('ipcMain knows which frame of which page sent a request', async ({ page }) => {
  const sender = await page.evaluate(() =>
    (window as unknown as SampleWindow).api.invoke!('sender'),
  );
  expect(sender).toEqual({
    url: 'app://sample/index.html',
    origin: 'app://sample',
    isTop: true,
    isOurs: true,
  });
});

test('one-way messages work in both directions', async ({ electron, page }) => {
  const told = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const { api } = window as unknown as SampleWindow;
        api.onTold!(resolve);
        api.tell!('a secret');
      }),
  );
  expect([told, (await eventsOf(electron)).filter(([name]) => name === 'tell')]).toEqual([
    { back: 'a secret' },
    [['tell', 'a secret']],
  ]);
});
