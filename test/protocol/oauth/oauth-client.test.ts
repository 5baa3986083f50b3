import { tokenRevocation } from 'openid-client';
import { describe, expect, test } from 'vitest';
import { NetworkError } from '../../../main/protocol/http/network-error.ts';
import type { Network } from '../../../main/protocol/http/network.ts';
import type { ScreenedResponse, OAuthReply } from '../../../main/protocol/oauth/oauth-client.ts';
import { sendOAuthRequest } from '../../../main/protocol/oauth/oauth-client.ts';
import type { RawResponse } from '../../../main/protocol/oauth/raw-response.ts';
import { CLIENT_ID } from './oauth-parts.ts';
import { broken, json, scriptedNetwork } from '../http/scripted-network.ts';

type Screen = (answer: RawResponse) => ScreenedResponse<number>;

const DOCUMENT: Screen = () => ({ kind: 'document', document: {} });
const STATUS: Screen = ({ status }) => ({ kind: 'result', result: status });

/** Sends the library's simplest message. */
async function ask(
  network: Network,
  judge: Screen,
  url = 'https://auth.example.org/revoke',
  signal?: AbortSignal,
): Promise<OAuthReply<void, number>> {
  const where = { issuer: 'https://auth.example.org/', endpoint: 'revocation_endpoint' } as const;
  const what = { clientId: CLIENT_ID, step: 'revocation', network, signal } as const;
  return sendOAuthRequest({ ...where, ...what, url: new URL(url) }, judge, (config) =>
    tokenRevocation(config, 'token'),
  );
}

describe('sendOAuthRequest()', () => {
  test('sends a form of a public client, in our name', async () => {
    const { network, asked } = scriptedNetwork({ revocation: json({}) });
    expect(await ask(network, DOCUMENT)).toEqual({ kind: 'checked', value: undefined });
    expect(asked).toEqual([
      {
        step: 'revocation',
        method: 'POST',
        url: 'https://auth.example.org/revoke',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
        },
        body: 'token=token&client_id=a%2Bb%2Fc%3D%3D',
      },
    ]);
  });

  test('returns the screened result without passing the response to the library', async () => {
    const { network } = scriptedNetwork({ revocation: json({ error: 'x' }, 418) });
    expect(await ask(network, STATUS)).toEqual({ kind: 'screened', result: 418 });
  });

  test('returns network failures as a value', async () => {
    const failure = { code: 'unreachable', host: 'auth.example.org', why: 'dns' } as const;
    const { network } = scriptedNetwork({ revocation: broken(new NetworkError(failure)) });
    expect(await ask(network, DOCUMENT)).toEqual({ kind: 'failed', failure });
  });

  test("rejects with the caller's own abort and with bugs, untouched", async () => {
    const reason = new Error('Nobody waits any more');
    const bug = new RangeError('A bug');
    const { network } = scriptedNetwork({ revocation: broken(bug) });
    await expect(ask(network, DOCUMENT)).rejects.toBe(bug);
    const aborted = ask(network, DOCUMENT, undefined, AbortSignal.abort(reason));
    await expect(aborted).rejects.toBe(reason);
  });

  test('speaks plain http to this machine and to no other', async () => {
    const { network, asked } = scriptedNetwork({ revocation: json({}) });
    const local = await ask(network, DOCUMENT, 'http://127.0.0.1:8008/revoke');
    expect(local).toEqual({ kind: 'checked', value: undefined });
    await expect(ask(network, DOCUMENT, 'http://auth.example.org/revoke')).rejects.toThrow();
    expect(asked.map(({ url }) => url)).toEqual(['http://127.0.0.1:8008/revoke']);
  });

  test('reports only that the library refused a document, without its error', async () => {
    const { network } = scriptedNetwork({ revocation: json({}) });
    const where = { issuer: 'https://auth.example.org/', endpoint: 'revocation_endpoint' } as const;
    const url = new URL('https://auth.example.org/revoke');
    const reply = await sendOAuthRequest(
      { ...where, url, clientId: CLIENT_ID, step: 'revocation', network },
      DOCUMENT,
      async (config) => {
        await tokenRevocation(config, 'token');
        throw new Error('Refused', { cause: { body: 'token' } });
      },
    );
    expect(reply).toEqual({ kind: 'refused' });
  });
});
