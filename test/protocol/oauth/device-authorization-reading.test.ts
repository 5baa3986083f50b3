import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeviceAuthorizationRequest } from '../../../main/protocol/oauth/device-authorization.ts';
import {
  readDeviceAuthorization,
  requestDeviceAuthorization,
} from '../../../main/protocol/oauth/device-authorization.ts';
import { DEVICE_ID, FULL, READ, STABLE, opened } from './device-answer.ts';
import { CLIENT_ID, FUZZ, LOCAL_SERVER, PLANTED, SERVER, shows } from './oauth-parts.ts';
import { json, scriptedNetwork } from '../http/scripted-network.ts';

const host = 'auth.example.org';

function malformed(field: string): object {
  return { code: 'malformed-response', host, field };
}

/** The result of a response with some fields changed. */
async function requested(changes: Readonly<Record<string, unknown>>): Promise<unknown> {
  const answer = json({ ...FULL, ...changes });
  const { network } = scriptedNetwork({ 'device-authorization': answer });
  return opened(await requestDeviceAuthorization(SERVER, CLIENT_ID, DEVICE_ID, network));
}

describe('requestDeviceAuthorization()', () => {
  test.each([
    [undefined, 5_000],
    [null, 5_000],
    [0, 5_000],
    [-1, 5_000],
    ['soon', 5_000],
    [{}, 5_000],
    ['5', 5_000],
    [0.01, 1_000],
    [300, 300_000],
  ])('reads an interval of %j', async (interval, intervalMs) => {
    expect(await requested({ interval })).toEqual({ ...READ, intervalMs });
  });

  test.each([
    [undefined, 300_000],
    [null, 300_000],
    [60, 60_000],
    ['1800', 1_800_000],
    [1e308, 3_600_000],
  ])('reads a lifetime of %j', async (expires_in, lifetimeMs) => {
    expect(await requested({ expires_in })).toEqual({ ...READ, lifetimeMs });
  });

  test.each([
    ['interval', 301],
    ['interval', 1e9],
    ['expires_in', 0],
    ['expires_in', -1],
    ['expires_in', '-7'],
    ['device_code', ''],
    ['device_code', 7],
    ['user_code', ''],
    ['user_code', '\u202e\u200b\n'],
    ['user_code', 'A'.repeat(65)],
    ['user_code', 'A'.repeat(10_000)],
    ['user_code', undefined],
    ['verification_uri', undefined],
    ['verification_uri', 7],
    ['verification_uri_complete', 7],
  ])('names the member that is to blame: %s as %j', async (field, value) => {
    expect(await requested({ [field]: value })).toEqual(malformed(field));
  });

  test('strips invisible characters from a user code', async () => {
    const user_code = '\u202eBCDFG-\nHJKLM\u200b ';
    expect(await requested({ user_code })).toEqual({ ...READ, userCode: 'BCDFG- HJKLM' });
    const longest = 'A'.repeat(64);
    expect(await requested({ user_code: longest })).toEqual({ ...READ, userCode: longest });
  });

  test.each([undefined, null, '', 'https://evil.example/link?code=7XK0QB'])(
    'does without the complete link where it is %j',
    async (verification_uri_complete) => {
      expect(await requested({ verification_uri_complete })).toEqual({
        ...READ,
        verificationUriComplete: null,
      });
    },
  );

  test('accepts the old name of the link', async () => {
    const verification_url = FULL.verification_uri;
    expect(await requested({ verification_uri: undefined, verification_url })).toEqual(READ);
  });

  const BAD_LINKS = [
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'http://auth.example.org/link',
    'https://user@auth.example.org/link',
    'https://127.0.0.1/link',
    '//auth.example.org/link',
    '\\\\host\\share',
    `https://auth.example.org/${'a'.repeat(2_050)}`,
  ];

  test.each(BAD_LINKS)('ends the sign-in over the link %s', async (link) => {
    for (const field of ['verification_uri', 'verification_uri_complete']) {
      expect(await requested({ [field]: link })).toEqual({ code: 'unsafe-link', field });
    }
  });

  test('allows links to this machine where the homeserver is on it', async () => {
    const verification_uri = 'http://127.0.0.1:8008/link';
    const { network } = scriptedNetwork({
      'device-authorization': json({ ...FULL, verification_uri }),
    });
    const outcome = await requestDeviceAuthorization(LOCAL_SERVER, CLIENT_ID, DEVICE_ID, network);
    expect(opened(outcome)).toEqual({
      ...READ,
      verificationUri: verification_uri,
      verificationUriComplete: null,
    });
  });
});

test('readDeviceAuthorization() gives a grant within all limits or a failure, for any JSON', () => {
  const question: DeviceAuthorizationRequest = {
    host,
    deviceId: DEVICE_ID,
    scope: STABLE,
    loopback: false,
  };
  const value = fc.oneof(fc.jsonValue(), fc.double(), fc.string({ unit: 'binary' }));
  const changes = fc.dictionary(fc.constantFrom(...Object.keys(FULL)), value, { maxKeys: 2 });
  fc.assert(
    fc.property(changes, (changed) => {
      const outcome = readDeviceAuthorization(
        { ...FULL, device_code: PLANTED, ...changed },
        question,
      );
      if (!outcome.ok) return ['malformed-response', 'unsafe-link'].includes(outcome.failure.code);
      const { intervalMs, lifetimeMs, userCode, verificationUri } = outcome.value;
      return (
        intervalMs >= 1_000 &&
        intervalMs <= 300_000 &&
        lifetimeMs > 0 &&
        lifetimeMs <= 3_600_000 &&
        Array.from(userCode).length <= 64 &&
        verificationUri.protocol === 'https:' &&
        !shows(outcome)
      );
    }),
    FUZZ,
  );
});
