import { expect, test } from 'vitest';
import { Lifetime } from '../../main/desktop/lifetime.ts';

test('Lifetime undoes everything once, last first, and at once what is added after the end', () => {
  const done: string[] = [];
  const life = new Lifetime();
  life.add(() => done.push('first'));
  life.add(() => done.push('second'));
  life.end();
  life.end();
  life.add(() => done.push('late'));
  expect(done).toEqual(['second', 'first', 'late']);
});

test('Lifetime goes on after an undo that throws, and throws what it threw', () => {
  const done: string[] = [];
  const life = new Lifetime();
  life.add(() => done.push('first'));
  life.add(() => {
    throw new Error('broken');
  });
  expect(() => life.end()).toThrow('broken');
  expect(done).toEqual(['first']);
});
