/// <reference lib="dom" />
import { expect, test } from '../../../test/e2e/fixture.ts';
import { sampleApp } from './sample-app.ts';
import type { SampleWindow } from './sample-app.ts';

test.use({ app: sampleApp });

test('contextBridge copies values, and their types belong to the page', async ({ page }) => {
  const seen = await page.evaluate(() => {
    const { api } = window as unknown as { api: Record<string, unknown> };
    const { nested } = api as { nested: { list: [number, Date, Map<string, number>] } };
    return {
      text: api.text,
      // Names only: evaluate() would drop the functions.
      ipcRenderer: Object.getOwnPropertyNames(api.ipcRenderer),
      list: [nested.list[0], nested.list[1].getTime(), nested.list[2].get('a')],
      types: [
        nested instanceof Object,
        nested.list[1] instanceof Date,
        api.add instanceof Function,
      ],
      frozen: [Object.isFrozen(api), Object.isFrozen(nested), Object.isFrozen(nested.list)],
    };
  });
  expect(seen).toEqual({
    text: 'plain',
    ipcRenderer: [],
    list: [1, 0, 1],
    types: [true, true, true],
    frozen: [true, true, true],
  });
});

test('contextBridge keeps synchronous functions synchronous, both ways', async ({ page }) => {
  const seen = await page.evaluate(() => {
    const { api } = window as unknown as SampleWindow;
    const heard: unknown[] = [];
    const answer = api.callBack!((text: unknown) => heard.push(text));
    return [api.add!(2, 3), heard, answer, api.tag!(document.body)];
  });
  expect(seen).toEqual([5, ['from the preload'], 1, 'BODY']);
});

test('contextBridge keeps the identity of symbols and functions', async ({ page }) => {
  const seen = await page.evaluate(() => {
    const { api } = window as unknown as SampleWindow;
    return [api.isMark!(api.mark), api.isMark!(Symbol('mark')), api.add === api.add];
  });
  expect(seen).toEqual([true, false, true]);
});

test('contextBridge passes errors and rejections on as errors of the page', async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const { api } = window as unknown as SampleWindow;
    const messageOf = async (run: () => unknown): Promise<unknown> => {
      try {
        return await run();
      } catch (error) {
        return error instanceof Error && error.message;
      }
    };
    return [
      await messageOf(() => api.fail!()),
      await messageOf(() => api.failStrangely!()),
      await messageOf(() => api.failLater!()),
      await messageOf(() => api.later!('in time')),
      await messageOf(() => api.add!(new WeakMap())),
    ];
  });
  expect(seen).toEqual([
    'out of reach',
    'An unknown exception occurred in the isolated context, an error occurred but a valid exception was not thrown.',
    'too late',
    'in time',
    'An object could not be cloned.',
  ]);
});

test('contextBridge refuses values that are nested too deep', async ({ page }) => {
  const message = await page.evaluate(() => {
    const { api } = window as unknown as SampleWindow;
    let deep = {};
    for (let level = 0; level < 1100; level += 1) deep = { deep };
    try {
      return api.add!(deep);
    } catch (error) {
      return error instanceof Error && error.message;
    }
  });
  expect(message).toMatch(/^Electron contextBridge recursion depth exceeded\./);
});

test('contextBridge binds a name once, and the page cannot replace it', async ({ page }) => {
  const seen = await page.evaluate(() => {
    const holder = window as unknown as SampleWindow;
    const before = holder.api;
    const failed = (run: () => unknown): string => {
      try {
        return `did not fail: ${String(run())}`;
      } catch (error) {
        return error instanceof Error ? `${error.name}: ${error.message}` : 'no error';
      }
    };
    return [
      failed(() => before.bindAgain!()),
      failed(() => Object.assign(window, { api: {} })).replace(/:.*/, ''),
      failed(() => Object.assign(before, { add: 1 })).replace(/:.*/, ''),
      holder.api === before,
    ];
  });
  expect(seen).toEqual([
    'Error: Cannot bind an API on top of an existing property on the window object',
    'TypeError',
    'TypeError',
    true,
  ]);
});

test('the page sees nothing of the preload, of Node or of the stand-in', async ({ page }) => {
  const names = await page.evaluate(() => {
    const plain = document.createElement('iframe');
    document.body.append(plain);
    const usual = new Set(Object.getOwnPropertyNames(plain.contentWindow));
    // Ignore Playwright's own globals; those that every frame has must not be ours either.
    const isOurs = (name: string): boolean =>
      !usual.has(name) || /standin|electron|ipc/i.test(name);
    const ours = Object.getOwnPropertyNames(window).filter(isOurs);
    return ours.filter((name) => !/playwright|^\d+$/i.test(name));
  });
  expect(names).toEqual(['api']);
});

test('a sandboxed preload has a handful of modules, and no sendSync here', async ({ page }) => {
  const seen = await page.evaluate(() => {
    const { api } = window as unknown as SampleWindow;
    try {
      return [api.modules!(), api.sendSync!()];
    } catch (error) {
      return [api.modules!(), error instanceof Error && error.message];
    }
  });
  expect(seen).toEqual([
    [
      'function',
      'object',
      'object',
      'function',
      'module not found: fs',
      'module not found: node:child_process',
    ],
    'electron stand-in: ipcRenderer.sendSync is not provided',
  ]);
});
