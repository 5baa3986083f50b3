import { expect, test } from 'vitest';
import { DisposableStore } from '../../main/util/disposables.ts';

test('DisposableStore disposes of everything once, last first, and at once of what is added after that', () => {
  const done: string[] = [];
  const store = new DisposableStore();
  store.add(() => done.push('first'));
  store.add(() => done.push('second'));
  store.dispose();
  store.dispose();
  store.add(() => done.push('late'));
  expect(done).toEqual(['second', 'first', 'late']);
});

test('DisposableStore continues after a disposer throws, and rethrows the error', () => {
  const done: string[] = [];
  const store = new DisposableStore();
  store.add(() => done.push('first'));
  store.add(() => {
    throw new Error('broken');
  });
  expect(() => store.dispose()).toThrow('broken');
  expect(done).toEqual(['first']);
});
