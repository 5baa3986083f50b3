import { expect, test } from 'vitest';
import { scopeFor } from '../../main/protocol/scopes.ts';

test('scopeFor() asks for the API and one device, and never mixes the families', () => {
  expect([scopeFor('ABC', 'stable'), scopeFor('ABC', 'unstable')]).toEqual([
    ['urn:matrix:client:api:*', 'urn:matrix:client:device:ABC'],
    [
      'urn:matrix:org.matrix.msc2967.client:api:*',
      'urn:matrix:org.matrix.msc2967.client:device:ABC',
    ],
  ]);
});
