import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestDeviceAuthorization } from '../../../main/protocol/oauth/device-authorization.ts';
import { NetworkError } from '../../../main/protocol/http/network-error.ts';
import { DEVICE_ID, FULL, READ, STABLE, UNSTABLE, opened } from './device-answer.ts';
import { CLIENT_ID, FUZZ, FUZZ_TIMEOUT_MS, SERVER, anyAnswer, shows } from './oauth-parts.ts';
import type { Answer } from '../http/scripted-network.ts';
import { broken, json, raw, scriptedNetwork } from '../http/scripted-network.ts';

const host = 'auth.example.org';

async function request(...answers: readonly Answer[]): Promise<unknown> {
  const { network } = scriptedNetwork({ 'device-authorization': answers });
  return opened(await requestDeviceAuthorization(SERVER, CLIENT_ID, DEVICE_ID, network));
}

describe('requestDeviceAuthorization()', () => {
  test('requests the stable scope, as a public client', async () => {
    const { network, asked } = scriptedNetwork({ 'device-authorization': json(FULL) });
    const outcome = await requestDeviceAuthorization(SERVER, CLIENT_ID, DEVICE_ID, network);
    expect(opened(outcome)).toEqual(READ);
    expect(asked).toEqual([
      {
        step: 'device-authorization',
        method: 'POST',
        url: 'https://auth.example.org/device',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
        },
        body: new URLSearchParams({ scope: STABLE.join(' '), client_id: CLIENT_ID }).toString(),
      },
    ]);
  });

  test.each(['invalid_scope', 'invalid_grant'])(
    'asks once more in the spelling of the draft after %s',
    async (error) => {
      const answers = [json({ error }, 400), json(FULL)];
      const { network, asked } = scriptedNetwork({ 'device-authorization': answers });
      const outcome = await requestDeviceAuthorization(SERVER, CLIENT_ID, DEVICE_ID, network);
      expect(opened(outcome)).toEqual({ ...READ, scope: UNSTABLE });
      expect(asked.map(({ body }) => new URLSearchParams(body).get('scope'))).toEqual([
        STABLE.join(' '),
        UNSTABLE.join(' '),
      ]);
    },
  );

  test('reports the first refusal where both spellings are refused', async () => {
    const first = json({ error: 'invalid_scope', error_description: 'No.' }, 400);
    expect(await request(first, json({ error: 'invalid_grant' }, 400))).toEqual({
      code: 'device-request-refused',
      host,
      status: 400,
      error: 'invalid_scope',
      description: 'No.',
    });
  });

  test('reports the failure of the second request if there is no other', async () => {
    expect(await request(json({ error: 'invalid_scope' }, 400), raw('', 503))).toEqual({
      code: 'server-unavailable',
      host,
      status: 503,
      retryAfterMs: null,
    });
  });

  const refused = (status: number, error: string | null, description: string | null = null) => ({
    code: 'device-request-refused',
    host,
    status,
    error,
    description,
  });
  const malformed = (field: string) => ({ code: 'malformed-response', host, field });

  test.each<[string, Answer, object]>([
    ['an unknown client', json({ error: 'invalid_client' }, 401), refused(401, 'invalid_client')],
    ['a disabled grant', json({ error: 'invalid_request' }, 400), refused(400, 'invalid_request')],
    ['an error with status 200', json({ error: 'access_denied' }), refused(200, 'access_denied')],
    [
      'an error of Matrix',
      json({ errcode: 'M_FORBIDDEN', error: 'No' }, 403),
      refused(403, 'M_FORBIDDEN', 'No'),
    ],
    ['an object that says nothing', json({}, 400), refused(400, null)],
    ['a path that is gone', raw('<html>', 404), { code: 'endpoint-gone', host, status: 404 }],
    ['a method that is gone', raw('', 405), { code: 'endpoint-gone', host, status: 405 }],
    [
      'a limit',
      json({ error: 'slow_down' }, 429, { 'retry-after': '2' }),
      { code: 'rate-limited', host, retryAfterMs: 2_000 },
    ],
    [
      'a failing server',
      json({ error: 'server_error' }, 500),
      { code: 'server-unavailable', host, status: 500, retryAfterMs: null },
    ],
    ['a redirect', raw('', 307), { code: 'redirect-refused', host, status: 307 }],
    ['a page', raw('<html>'), malformed('body')],
    ['a plain text', raw('missing field', 422), malformed('body')],
    ['an empty object', json({}), malformed('device_code')],
    [
      'no network',
      broken(new NetworkError({ code: 'unreachable', host, why: 'offline' })),
      { code: 'unreachable', host, why: 'offline' },
    ],
  ])('fails for %s', async (_what, answer, failure) => {
    expect(await request(answer)).toEqual(failure);
  });

  test(
    'makes an outcome of whatever comes, and shows no secret',
    async () => {
      await fc.assert(
        fc.asyncProperty(anyAnswer, async (answer) => {
          const { network } = scriptedNetwork({ 'device-authorization': answer });
          const outcome = await requestDeviceAuthorization(SERVER, CLIENT_ID, DEVICE_ID, network);
          expect(outcome.ok || typeof outcome.failure.code === 'string').toBe(true);
          expect(shows(outcome)).toBe(false);
        }),
        FUZZ,
      );
    },
    FUZZ_TIMEOUT_MS,
  );
});
