import { expect, test } from 'vitest';
import { Turns } from '../../../main/accounts/background/turns.ts';
import { settle } from '../../fixtures/fake-clock.ts';

/** Turns whose work ends when the test says so. */
function turns(most: number) {
  const begun: string[] = [];
  const gone = new Set<string>();
  const ends = new Map<string, () => void>();
  const plan = new Turns(most, (id) => {
    if (gone.has(id)) return null;
    begun.push(id);
    return new Promise<void>((resolve) => ends.set(id, resolve));
  });
  const end = async (id: string) => {
    ends.get(id)?.();
    await settle(1);
  };
  return { begun, gone, plan, end };
}

test('Turns begins as much as it may for each server, and the rest in order', async () => {
  const { begun, plan, end } = turns(2);
  for (const id of ['a1', 'a2', 'a3', 'a4']) plan.ask('a', id);
  plan.ask('b', 'b1');
  plan.ask('a', 'a3');
  const atFirst = [...begun];
  await end('a2');
  await end('a1');
  expect([atFirst, begun]).toEqual([
    ['a1', 'a2', 'b1'],
    ['a1', 'a2', 'b1', 'a3', 'a4'],
  ]);
});

test('Turns passes over whoever has nothing to do any more', async () => {
  const { begun, gone, plan, end } = turns(1);
  for (const id of ['a1', 'a2', 'a3']) plan.ask('a', id);
  gone.add('a2');
  await end('a1');
  expect(begun).toEqual(['a1', 'a3']);
});

test('Turns.clear() lets nobody begin who waits', async () => {
  const { begun, plan, end } = turns(1);
  for (const id of ['a1', 'a2']) plan.ask('a', id);
  plan.clear();
  await end('a1');
  plan.ask('a', 'a3');
  expect(begun).toEqual(['a1', 'a3']);
});
