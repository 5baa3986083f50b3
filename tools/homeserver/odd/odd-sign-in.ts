import type { HomeserverOptions } from '../homeserver.ts';
import type { Fault } from './faults.ts';
import type { OddBehaviour } from './odd-behaviour.ts';

type Json = Readonly<Record<string, unknown>>;

function registration(
  row: number,
  name: string,
  fault: Fault,
  options?: HomeserverOptions,
): OddBehaviour {
  return {
    row,
    name: `registration ${name}`,
    ...(options === undefined ? {} : { options }),
    arrange: ({ faults }) => faults.always('registration', fault),
  };
}

/** The device response with some members changed; `undefined` removes one. */
function deviceAnswer(
  row: number,
  name: string,
  change: Json | ((real: Json) => Json),
): OddBehaviour {
  const patch = (real: Json) => ({
    ...real,
    ...(change instanceof Function ? change(real) : change),
  });
  return {
    row,
    name: `device answer ${name}`,
    arrange: ({ faults }) => faults.always('device-authorization', { patch }),
  };
}

function awkwardClientId(name: string, clientIdSuffix: string): OddBehaviour {
  return {
    row: 21,
    name: `client id ${name}`,
    options: { clientIdSuffix },
    arrange: () => undefined, // the option does it
  };
}

const nulls = { client_name: null, client_uri: null, logo_uri: null, policy_uri: null };
const redirectsWanted = {
  error: 'invalid_redirect_uri',
  error_description: 'redirect_uris must not be empty',
};

/** Rows 16 to 28: registration and the device response. */
export const oddSignIn: readonly OddBehaviour[] = [
  registration(16, 'answers 200', { replace: { status: 200 } }),
  registration(17, 'with null members', { patch: (real) => ({ ...real, ...nulls }) }),
  registration(17, 'with extra members', {
    patch: (real) => ({ ...real, 'org.example.extra': { deep: [1] }, client_secret: 'unasked' }),
  }),
  registration(17, 'with other grant types', {
    patch: (real) => ({ ...real, grant_types: ['authorization_code'] }),
  }),
  registration(17, 'with another client name', {
    patch: (real) => ({ ...real, client_name: 'Something else' }),
  }),
  registration(18, 'without client id', { patch: (real) => ({ ...real, client_id: undefined }) }),
  registration(18, 'with an empty client id', { patch: (real) => ({ ...real, client_id: '' }) }),
  registration(18, 'with a number as client id', { patch: (real) => ({ ...real, client_id: 7 }) }),
  registration(18, 'answers 201 with a page', {
    replace: { status: 201, body: '<!doctype html><title>Created</title>' },
  }),
  {
    row: 19,
    name: 'registration wants redirect URIs, in plain text',
    options: { personality: 'tuwunel' },
    arrange: () => undefined, // this family does it by itself
  },
  {
    row: 19,
    name: 'registration wants redirect URIs, as an error',
    arrange: ({ faults }) =>
      faults.next('registration', { respond: { status: 400, body: redirectsWanted } }),
  },
  registration(20, 'refused in Matrix format', {
    respond: { status: 403, body: { errcode: 'M_FORBIDDEN', error: 'An initial token is needed' } },
  }),
  registration(20, 'refused in plain text', {
    respond: {
      status: 400,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'No registration today',
    },
  }),
  awkwardClientId('with characters that forms escape', '+/=&% x'),
  awkwardClientId('of 3 kB', 'x'.repeat(3000)),
  awkwardClientId('of 5 kB', 'x'.repeat(5000)),

  deviceAnswer(22, 'without interval', { interval: undefined }),
  deviceAnswer(22, 'with interval 0', { interval: 0 }),
  deviceAnswer(22, 'with interval -1', { interval: -1 }),
  deviceAnswer(22, 'with interval as text', { interval: '5' }),
  deviceAnswer(22, 'with interval 1e9', { interval: 1e9 }),
  deviceAnswer(23, 'with expires_in 60', { expires_in: 60 }),
  deviceAnswer(23, 'with expires_in 0', { expires_in: 0 }),
  deviceAnswer(23, 'with expires_in -1', { expires_in: -1 }),
  deviceAnswer(23, 'with expires_in as text', { expires_in: '1800' }),
  deviceAnswer(23, 'with expires_in 1e308', { expires_in: 1e308 }),
  deviceAnswer(23, 'without expires_in', { expires_in: undefined }),
  deviceAnswer(24, 'without complete link', { verification_uri_complete: undefined }),
  deviceAnswer(25, 'with a script as link', { verification_uri: 'javascript:alert(1)' }),
  deviceAnswer(25, 'with a file as link', { verification_uri: 'file:///etc/passwd' }),
  deviceAnswer(25, 'with an http link', { verification_uri: 'http://link.example.org/' }),
  deviceAnswer(25, 'with a script as complete link', {
    verification_uri_complete: 'javascript:alert(1)',
  }),
  deviceAnswer(26, 'with a complete link elsewhere', {
    verification_uri_complete: 'https://evil.example/link?code=ABCDEF',
  }),
  deviceAnswer(27, 'with verification_url', ({ verification_uri: real }) => ({
    verification_uri: undefined,
    verification_url: real,
  })),
  deviceAnswer(28, 'with an empty code', { user_code: '' }),
  deviceAnswer(28, 'with a code of 10 kB', { user_code: 'A'.repeat(10_000) }),
  deviceAnswer(28, 'with line breaks in the code', { user_code: 'ABC\r\nDEF' }),
  deviceAnswer(28, 'with a bidi override in the code', { user_code: 'ABC\u202EFED' }),
];
