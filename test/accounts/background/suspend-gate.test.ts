import { expect, test } from 'vitest';
import { SuspendGate } from '../../../main/accounts/background/suspend-gate.ts';
import { FakeClock, settle } from '../../fixtures/fake-clock.ts';
import { MINUTE } from '../../fixtures/world.ts';

function suspension() {
  const clock = new FakeClock();
  const seen: string[] = [];
  const one = new SuspendGate(clock, () => seen.push('ended'));
  const network = one.withSuspendGate((step) => {
    seen.push(step);
    return Promise.resolve(new Response());
  });
  const url = new URL('https://auth.example.org/token');
  const send = (step: 'refresh' | 'whoami') => void network(step, url);
  return { clock, seen, one, send };
}

test('SuspendGate holds back only refreshes, until it opens', async () => {
  const { clock, seen, one, send } = suspension();
  one.close();
  one.close();
  send('refresh');
  send('whoami');
  await settle();
  const during = [...seen];
  one.open();
  one.open();
  await settle();
  expect([during, seen, clock.sleepers]).toEqual([['whoami'], ['whoami', 'ended', 'refresh'], 0]);
});

test('SuspendGate reports the time a request is sent, whether it was held back or not', async () => {
  const { clock, one } = suspension();
  const left: number[] = [];
  const network = one.withSuspendGate(() => Promise.resolve(new Response()));
  const send = () => {
    const url = new URL('https://auth.example.org/token');
    void network('refresh', url, {}, () => left.push(clock.monotonicNow()));
  };
  send();
  await clock.advance(1);
  one.close();
  send();
  await clock.advance(MINUTE);
  one.open();
  await settle();
  expect(left).toEqual([0, MINUTE + 1]);
});

test('SuspendGate opens after a timeout if no wake-up is announced', async () => {
  const { clock, seen, one, send } = suspension();
  one.close();
  send('refresh');
  await clock.advance(3 * MINUTE);
  expect([seen, one.isClosed]).toEqual([['ended', 'refresh'], false]);
});

test('SuspendGate that closes again at once still holds requests back', async () => {
  const { seen, one, send } = suspension();
  one.close();
  send('refresh');
  one.open();
  one.close();
  await settle();
  expect(seen).toEqual(['ended']);
});
