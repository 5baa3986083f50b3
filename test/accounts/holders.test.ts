import { expect, test } from 'vitest';
import { Holders } from '../../main/accounts/holders.ts';
import { FakeClock } from '../fixtures/fake-clock.ts';
import { MINUTE, tokens } from './arrange.ts';

test('Holders knows who holds the token, until it expires, and names whom a new one cuts', async () => {
  const clock = new FakeClock();
  const holders = new Holders(clock);
  holders.add('curl', tokens(0, { expires: MINUTE }));
  holders.add('Postman', tokens(0, { expires: 2 * MINUTE }));
  const first = holders.leases;
  await clock.advance(MINUTE);
  expect([first.length, holders.leases, holders.dismiss(), holders.dismiss()]).toEqual([
    2,
    [{ consumer: 'Postman', until: 2 * MINUTE }],
    'Postman',
    null,
  ]);
});
