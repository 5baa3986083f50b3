import { expect, test } from 'vitest';
import { pipeName } from '../../../main/host/socket-lock/pipe-name.ts';

test('pipeName() returns the same pipe for a path in upper and lower case', () => {
  expect(pipeName('C:\\Users\\alice\\Keyfob\\run\\agent.sock')).toBe(
    pipeName('c:\\users\\ALICE\\keyfob\\run\\agent.sock'),
  );
});

test('pipeName() returns the name of a pipe unchanged', () => {
  expect(pipeName('\\\\.\\pipe\\mine')).toBe('\\\\.\\pipe\\mine');
});

test('pipeName() hashes as RFC 9923 specifies', () => {
  // The published test vectors, all of them in lower case as they are.
  expect([pipeName(''), pipeName('a'), pipeName('foobar')]).toEqual([
    '\\\\.\\pipe\\keyfob-cbf29ce484222325',
    '\\\\.\\pipe\\keyfob-af63dc4c8601ec8c',
    '\\\\.\\pipe\\keyfob-85944171f73967e8',
  ]);
});
