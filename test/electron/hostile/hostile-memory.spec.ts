/// <reference lib="dom" />
import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import type { Sought, Trace } from '../../flow/traces.ts';
import { findTraces } from '../../flow/traces.ts';
import type { TestHomeserver } from '../../../tools/homeserver/homeserver.ts';
import { textsInHeap, WHOLE_TEXTS } from './heap.ts';
import { expect, test } from '../flow/busy-day.ts';

// A compromised page: what its script can read, and what its memory holds.

test.use({ args: [WHOLE_TEXTS] });

test('nothing the page receives, shows or stores contains a token', async ({
  page,
  homeserver,
  ids,
}) => {
  await page.evaluate(listen);
  const answers = await page.evaluate(askEverything, ids);
  const pushed = await page.evaluate(() => (window as unknown as Listening).pushed);
  const kept = await page.evaluate(lookEverywhere);
  const traces = Object.entries({ answers, pushed, kept }).map(([where, what]) =>
    traceOf(where, JSON.stringify(what)),
  );
  traces.push(traceOf('markup', await page.content()));
  expect({
    found: findTraces(traces, secretsOf(homeserver)),
    secrets: secretsOf(homeserver).length >= 16,
    pushes: pushed.length > 10,
    storage: kept.storage,
  }).toEqual({
    found: [],
    secrets: true,
    pushes: true,
    storage: {
      local: [],
      session: [],
      cookie: '',
      databases: [],
      caches: [],
      state: null,
      name: '',
    },
  });
});

test('the page cannot read the clipboard, whether it holds a token or other text', async ({
  page,
  host,
  ids,
}) => {
  await page.evaluate((id) => window.keyfob.copyAccount(id, 'token'), ids.work);
  const copied = (await host.copied()).at(-1);
  const read = () =>
    page.evaluate(async () => {
      const refusal = (error: unknown) => (error instanceof DOMException ? error.name : 'odd');
      const field = document.body.appendChild(document.createElement('textarea'));
      field.focus();
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- old ways are still ways
      const pasted = document.execCommand('paste');
      return {
        text: await navigator.clipboard.readText().catch(refusal),
        items: await navigator.clipboard.read().catch(refusal),
        pasted,
        field: field.value,
      };
    });
  const withToken = await read();
  await page.evaluate(() => {
    const field = document.body.appendChild(document.createElement('textarea'));
    field.value = 'a text of the page';
    field.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- it needs no permission
    document.execCommand('copy');
  });
  const refused = { text: 'NotAllowedError', items: 'NotAllowedError', pasted: false, field: '' };
  expect([copied !== null, withToken, await read()]).toEqual([true, refused, refused]);
});

test("the page's memory holds no token, refresh token or device code", async ({
  page,
  homeserver,
  ids,
}) => {
  await page.evaluate(askEverything, ids);
  const heap = await heapOf(page);
  const secrets = secretsOf(homeserver);
  expect([findTraces([heap], secrets), secrets.length >= 16, heap.bytes.length > 500_000]).toEqual([
    [],
    true,
    true,
  ]);
});

test('the memory search finds a text however and in whichever world it is stored', async ({
  page,
}) => {
  const canaries = Object.fromEntries(
    ['plain', 'joined', 'in pieces', 'two bytes', 'far behind', 'shown', 'preload'].map((name) => [
      name,
      `canary_${randomBytes(16).toString('hex')}`,
    ]),
  );
  const sought = Object.entries(canaries).map(([name, secret]) => ({ name, secret }));
  const before = findTraces([await heapOf(page)], sought);
  const { preload, ...own } = canaries;
  await page.evaluate(plant, halves(own));
  await plantInPreload(page, halves({ preload: preload! }).preload!);
  const found = findTraces([await heapOf(page)], sought);
  const raw = found.filter((line) => line.includes(', raw,'));
  expect([before, raw]).toEqual([[], sought.map(({ name }) => `${name}, raw, in the heap`)]);
});

type Listening = Window & { pushed: unknown[] };

/** Runs in the page: records everything main pushes. */
function listen(): void {
  const pushed: unknown[] = [];
  Object.assign(window, { pushed });
  window.keyfob.onChanged((snapshot) => pushed.push(snapshot));
  window.keyfob.onExchange((exchange) => pushed.push(exchange));
}

/** Runs in the page: sends every request with a reply, for both accounts and the sign-in. */
async function askEverything({
  work,
  home,
  login,
}: Readonly<{ work: string; home: string; login: string }>): Promise<readonly unknown[]> {
  const { keyfob } = window;
  const answers: unknown[] = [await keyfob.clientDefaults(), await keyfob.checkClient({})];
  for (const id of [work, home]) {
    answers.push(await keyfob.refreshAccount(id), await keyfob.checkAccount(id));
    for (const format of ['token', 'header', 'env', 'curl', 'json'] as const) {
      answers.push(await keyfob.copyAccount(id, format));
    }
  }
  answers.push(await keyfob.copyCode(login));
  const exchanges = await keyfob.listExchanges();
  for (const { id } of exchanges) answers.push(await keyfob.copyCurl(id));
  return [...answers, exchanges, await keyfob.snapshot()];
}

/** Runs in the page: reads everything a page can read. */
async function lookEverywhere() {
  const fields = [...document.querySelectorAll('input, textarea')] as HTMLInputElement[]; // both have values
  return {
    shown: [document.title, document.body.innerText, ...fields.map(({ value }) => value)],
    timing: performance.getEntries().map((entry) => entry.toJSON() as unknown),
    storage: {
      local: Object.entries(localStorage),
      session: Object.entries(sessionStorage),
      cookie: document.cookie,
      databases: await indexedDB.databases(),
      caches: await caches.keys(),
      state: history.state as unknown,
      name: window.name,
    },
  };
}

/** Runs in the page: stores each canary in a different way. None is ever in one piece unless the page joins it. */
function plant(canaries: Readonly<Record<string, readonly [string, string]>>): void {
  const flat = ([first, second]: readonly [string, string] = ['', '']): string =>
    JSON.parse(JSON.stringify(first + second)) as string; // comes back as one flat text
  const [first = '', second = ''] = canaries['in pieces'] ?? [];
  const hidden = flat(canaries.joined);
  const shown = document.body.appendChild(document.createElement('p'));
  shown.textContent = flat(canaries.shown);
  Object.assign(window, {
    plain: { deep: [flat(canaries.plain)] },
    closure: () => hidden,
    pieces: first + second,
    wide: flat(['\u2603', flat(canaries['two bytes'])]),
    far: flat(['x'.repeat(200_000), flat(canaries['far behind'])]),
    shown: shown.textContent,
  });
}

/** Stores a string in the preload's world, which has the same name in Electron and the stand-in. */
async function plantInPreload(page: Page, parts: readonly [string, string]): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const contextId = await new Promise<number>((resolve, reject) => {
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === 'Electron Isolated Context') resolve(context.id);
    });
    cdp.send('Runtime.enable').catch(reject);
  });
  const expression = `globalThis.canary = ${JSON.stringify(parts)}.join('')`;
  await cdp.send('Runtime.evaluate', { contextId, expression });
  await cdp.detach();
}

function halves(texts: Readonly<Record<string, string>>): Record<string, [string, string]> {
  const cut = (text: string): [string, string] => [text.slice(0, 14), text.slice(14)];
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, cut(text)]));
}

async function heapOf(page: Page): Promise<Trace> {
  return traceOf('the heap', (await textsInHeap(page)).join('\n'));
}

function traceOf(where: string, text: string): Trace {
  return { where, bytes: Buffer.from(text) };
}

function secretsOf(homeserver: TestHomeserver): readonly Sought[] {
  return homeserver.issuedSecrets().map((secret, n) => ({ name: `secret ${n}`, secret }));
}
