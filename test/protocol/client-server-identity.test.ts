import { expect, test } from 'vitest';
import type { ExpectedIdentity } from '../../main/protocol/client-server.ts';
import { checkIdentity } from '../../main/protocol/client-server.ts';

const WHOAMI = {
  userId: '@alice:example.org',
  deviceId: 'ABC',
  isGuest: false,
  serverDateAt: null,
};
const NOBODY: ExpectedIdentity = { userId: null, serverName: null, deviceId: 'ABC' };

test('checkIdentity() reports nothing when everything is as expected', () => {
  const expected = [
    NOBODY,
    { ...NOBODY, serverName: 'example.org' },
    { ...NOBODY, serverName: 'Example.ORG' },
    { ...NOBODY, userId: '@alice:example.org', serverName: 'example.org' },
    { ...NOBODY, userId: '@alice:EXAMPLE.org' },
  ];
  const fine = { kind: 'as-expected', notices: [] };
  expect(expected.map((identity) => checkIdentity(WHOAMI, identity))).toEqual(
    expected.map(() => fine),
  );
  expect(checkIdentity({ ...WHOAMI, deviceId: null }, NOBODY)).toEqual(fine);
});

test('checkIdentity() reports another user, even if only the case of the localpart differs', () => {
  const expected = ['@bob:example.org', '@Alice:example.org'];
  const actual = '@alice:example.org';
  expect(expected.map((userId) => checkIdentity(WHOAMI, { ...NOBODY, userId }))).toEqual(
    expected.map((userId) => ({ kind: 'other-user', expected: userId, actual, notices: [] })),
  );
});

test('checkIdentity() reports another domain and another device', () => {
  const whoami = { ...WHOAMI, userId: '@alice:other.example:8448', deviceId: 'XYZ' };
  expect(checkIdentity(whoami, { ...NOBODY, serverName: 'example.org' })).toEqual({
    kind: 'as-expected',
    notices: [
      { code: 'other-domain', expected: 'example.org', actual: 'other.example:8448' },
      { code: 'other-device', expected: 'ABC', actual: 'XYZ' },
    ],
  });
});
