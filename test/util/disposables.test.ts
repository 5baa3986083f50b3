import { expect, test } from 'vitest';
import { DisposableStore } from '../../main/util/disposables.ts';

test('DisposableStore undoes everything once, last first, and at once what is added after the end', () => {
  const done: string[] = [];
  const store = new DisposableStore();
  store.add(() => done.push('first'));
  store.add(() => done.push('second'));
  store.dispose();
  store.dispose();
  store.add(() => done.push('late'));
  expect(done).toEqual(['second', 'first', 'late']);
});

test('DisposableStore goes on after an undo that throws, and throws what it threw', () => {
  const done: string[] = [];
  const store = new DisposableStore();
  store.add(() => done.push('first'));
  store.add(() => {
    throw new Error('broken');
  });
  expect(() => store.dispose()).toThrow('broken');
  expect(done).toEqual(['first']);
});
