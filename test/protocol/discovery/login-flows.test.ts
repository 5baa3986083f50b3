import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fetchLoginFlows } from '../../../main/protocol/discovery/login-flows.ts';
import { NetworkError } from '../../../main/protocol/http/network-error.ts';
import { FUZZ, FUZZ_MS, hostileAnswer } from '../hostile.ts';
import type { Answer } from '../http/scripted-network.ts';
import { broken, json, raw, scriptedNetwork } from '../http/scripted-network.ts';

function ask(answer: Answer) {
  return fetchLoginFlows('https://hs.example', scriptedNetwork({ 'login-flows': answer }).network);
}

function flows(...types: string[]) {
  return json({ flows: types.map((type) => ({ type })) });
}

const delegated = 'org.matrix.msc3824.delegated_oidc_compatibility';

test.each<[string, Answer, string]>([
  ['a password', flows('m.login.password', 'm.login.sso'), 'password'],
  ['single sign-on', flows('m.login.sso', 'm.login.token'), 'sso'],
  ['CAS', flows('m.login.cas'), 'sso'],
  ['something else', flows('m.login.application_service'), 'unknown'],
  ['nothing', flows(), 'unknown'],
  ['OAuth', json({ flows: [{ type: 'm.login.sso', oauth_aware_preferred: true }] }), 'oauth'],
  ['OAuth of the draft', json({ flows: [{ type: 'm.login.sso', [delegated]: true }] }), 'oauth'],
  ['no OAuth', json({ flows: [{ type: 'm.login.sso', [delegated]: 'yes' }] }), 'sso'],
  ['an error', json({ errcode: 'M_UNRECOGNIZED' }, 404), 'unknown'],
  ['HTML', raw('<html>'), 'unknown'],
  ['a flow without a type', json({ flows: [{}] }), 'unknown'],
  [
    'no connection',
    broken(new NetworkError({ code: 'unreachable', host: 'hs.example', why: 'reset' })),
    'unknown',
  ],
])('fetchLoginFlows() detects %s', async (_what, answer, login) => {
  expect(await ask(answer)).toBe(login);
});

test(
  'fetchLoginFlows() has a result for any response',
  async () => {
    await fc.assert(
      fc.asyncProperty(hostileAnswer(['flows', 'type', delegated]), async (answer) => {
        const login = await ask(raw(answer.bytes, answer.status, { 'content-type': answer.type }));
        expect(login).toMatch(/^(password|sso|unknown|oauth)$/);
      }),
      FUZZ,
    );
  },
  FUZZ_MS,
);
