import { expect, test } from 'vitest';
import { Suspension } from '../../../main/accounts/background/suspend-gate.ts';
import { FakeClock, settle } from '../../fixtures/fake-clock.ts';
import { MINUTE } from '../../fixtures/world.ts';

function suspension() {
  const clock = new FakeClock();
  const seen: string[] = [];
  const one = new Suspension(clock, () => seen.push('ended'));
  const network = one.holding((step) => {
    seen.push(step);
    return Promise.resolve(new Response());
  });
  const url = new URL('https://auth.example.org/token');
  const send = (step: 'refresh' | 'whoami') => void network(step, url);
  return { clock, seen, one, send };
}

test('Suspension holds a refresh back, and nothing else, until it is over', async () => {
  const { clock, seen, one, send } = suspension();
  one.begin();
  one.begin();
  send('refresh');
  send('whoami');
  await settle();
  const during = [...seen];
  one.end();
  one.end();
  await settle();
  expect([during, seen, clock.sleepers]).toEqual([['whoami'], ['whoami', 'ended', 'refresh'], 0]);
});

test('Suspension tells when a request leaves that it held back, and when one that it did not', async () => {
  const { clock, one } = suspension();
  const left: number[] = [];
  const network = one.holding(() => Promise.resolve(new Response()));
  const send = () => {
    const url = new URL('https://auth.example.org/token');
    void network('refresh', url, {}, () => left.push(clock.elapsed()));
  };
  send();
  await clock.advance(1);
  one.begin();
  send();
  await clock.advance(MINUTE);
  one.end();
  await settle();
  expect(left).toEqual([0, MINUTE + 1]);
});

test('Suspension ends by itself where no wake-up is ever announced', async () => {
  const { clock, seen, one, send } = suspension();
  one.begin();
  send('refresh');
  await clock.advance(3 * MINUTE);
  expect([seen, one.isOn]).toEqual([['ended', 'refresh'], false]);
});

test('Suspension that begins again at once still holds back', async () => {
  const { seen, one, send } = suspension();
  one.begin();
  send('refresh');
  one.end();
  one.begin();
  await settle();
  expect(seen).toEqual(['ended']);
});
