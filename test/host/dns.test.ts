import { expect, test } from 'vitest';
import { describeFetchError } from '../../main/protocol/http/network-error.ts';
import { withDns, DnsLookups } from '../../main/host/dns.ts';
import { FakeClock, settle } from '../fixtures/fake-clock.ts';

/** A fetch that looks names up first; `dead.example` never gets an answer until `heal`. */
function fetching() {
  const clock = new FakeClock();
  const looked: string[] = [];
  const sent: string[] = [];
  const told: string[] = [];
  let heal = (): void => undefined;
  const names = new DnsLookups(async (host) => {
    looked.push(host);
    if (host === 'dead.example') await new Promise<void>((resolve) => (heal = resolve));
    if (host === 'no.example') throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
  }, clock);
  const fetch = withDns((url) => {
    sent.push(url);
    return Promise.resolve(new Response());
  }, names);
  const ask = (url: string): void => {
    const failed = (error: unknown) => {
      const failure = describeFetchError('', error);
      told.push(failure.code === 'unreachable' ? failure.why : failure.code);
    };
    fetch(url, {}).catch(failed);
  };
  return { clock, looked, sent, told, ask, heal: () => heal() };
}

test('a name that does not resolve is looked up once, however many callers wait, and delays no other name', async () => {
  const { looked, sent, ask, heal } = fetching();
  for (let n = 0; n < 100; n += 1) ask(`https://dead.example/${n}`);
  ask('https://well.example/');
  await settle();
  const before = [[...looked], [...sent]];
  heal();
  await settle();
  expect([before, looked.length, sent.length]).toEqual([
    [['dead.example', 'well.example'], ['https://well.example/']],
    2,
    101,
  ]);
});

test('a name that does not resolve fails after 10 s as one without an address, and has only one lookup until then', async () => {
  const { clock, looked, told, sent, ask } = fetching();
  ask('https://dead.example/');
  await clock.advance(9_999);
  const early = [...told];
  await clock.advance(1);
  ask('https://dead.example/');
  await clock.advance(10_000);
  expect({ early, told, looked, sent, sleepers: clock.sleepers }).toEqual({
    early: [],
    told: ['dns', 'dns'],
    looked: ['dead.example'],
    sent: [],
    sleepers: 0,
  });
});

test("a name without an address fails with the system's error, and is looked up again for the next caller", async () => {
  const { clock, looked, told, ask } = fetching();
  ask('https://no.example/');
  await settle();
  ask('https://no.example/');
  await settle();
  expect({ looked, told, sleepers: clock.sleepers }).toEqual({
    looked: ['no.example', 'no.example'],
    told: ['dns', 'dns'],
    sleepers: 0,
  });
});

test('an IP address is not looked up', async () => {
  const { looked, sent, ask } = fetching();
  for (const host of ['127.0.0.1', '[::1]']) ask(`http://${host}:8008/`);
  await settle();
  expect([looked, sent.length]).toEqual([[], 2]);
});
