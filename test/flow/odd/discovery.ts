import type { Row } from '../row.ts';
import { refused, signIn, signInAndHear, signedIn, upToCode } from '../signing-in.ts';

const upToMetadata = 'well-known versions auth-metadata';
const noCode = 'http://HOST/ does not support signing in with a code.';

function fine(name: string, metadata?: string): Row {
  return { name, live: signIn, expects: signedIn(metadata) };
}

/** Refused with the reason, before anything else happens. */
function fails(name: string, code: string, saw: string, says: string): Row {
  return { name, live: signInAndHear, expects: refused(code, saw, says) };
}

function badWellKnown(name: string, why: string): Row {
  const says = `The well-known document of HOST, which names its homeserver, can't be used: ${why}.`;
  return fails(`well-known ${name}`, 'well-known-invalid', 'well-known', says);
}

function badBaseUrl(name: string, shown: string): Row {
  const says = `The homeserver address ${shown} is not one that Keyfob can use.`;
  return fails(`well-known with base_url ${name}`, 'homeserver-unusable', 'well-known', says);
}

function noHomeserver(name: string): Row {
  const says =
    'http://HOST does not respond like a Matrix homeserver: its response is not in the expected format.';
  return fails(`versions ${name}`, 'homeserver-unusable', 'well-known versions', says);
}

function nextPath(name: string): Row {
  return fine(`stable metadata path answers ${name}`, 'auth-metadata×2 registration');
}

function down(status: number): Row {
  const says = `HOST couldn't handle the request (status ${status}).`;
  return fails(`metadata answers ${status}`, 'server-unavailable', upToMetadata, says);
}

function badMetadata(name: string, field: string): Row {
  const says = `HOST sent sign-in server metadata that Keyfob can't use: ${field} is missing or wrong.`;
  return fails(`metadata ${name}`, 'metadata-invalid', upToMetadata, says);
}

/** Discovery is repeated once before the failure is reported. */
function stale(name: string, code: string, says: string): Row {
  return fails(`device endpoint ${name}`, code, `${upToCode} ${upToCode}`, says);
}

/** Rows 1 to 15. */
export const discoveryRows: readonly Row[] = [
  badWellKnown('that is a page', 'it is not a JSON object'),
  badWellKnown('without a body', 'it is not a JSON object'),
  badWellKnown('that is a list', 'it is not a JSON object'),
  badWellKnown('that is a text', 'it is not a JSON object'),
  badWellKnown('without a homeserver', 'it has no usable m.homeserver'),
  badWellKnown('with base_url null', 'it has no usable m.homeserver.base_url'),
  badWellKnown('with base_url that is a number', 'it has no usable m.homeserver.base_url'),
  badBaseUrl('that is a script', 'HOST'),
  badBaseUrl('that is ftp', 'ftp://example.org'),
  fine('well-known with base_url that ends in slashes'),
  fine('well-known with base_url that has a path'),
  badBaseUrl('that is http', 'http://matrix.example.org'),
  badWellKnown('redirects to itself', 'it redirects to an address that Keyfob does not follow'),
  badWellKnown('redirects to http', 'it redirects to an address that Keyfob does not follow'),
  badWellKnown('without end', 'it is too large'),
  fails(
    'metadata of 100 MB',
    'too-large',
    upToMetadata,
    'The response from HOST is larger than the limit of 1024 KiB.',
  ),
  {
    ...fails(
      'metadata drop by drop',
      'unreachable',
      upToMetadata,
      "Can't reach HOST: the request timed out.",
    ),
    stage: { limitsMs: { 'auth-metadata': 300 } },
  },
  noHomeserver('without versions'),
  noHomeserver('wants a token'),
  fine('versions end at v1.12'),
  nextPath('404 with a page'),
  nextPath('404 M_NOT_FOUND'),
  nextPath('405'),
  nextPath('200 with a page'),
  fails(
    'no metadata path knows anything',
    'oauth-unsupported',
    'well-known versions auth-metadata×3 login-flows',
    'http://HOST does not support OAuth sign-in, only passwords.',
  ),
  down(500),
  down(502),
  down(503),
  fails('metadata without device endpoint', 'device-grant-unsupported', upToMetadata, noCode),
  fails('metadata without device grant', 'device-grant-unsupported', upToMetadata, noCode),
  fails('device grant switched off', 'device-grant-unsupported', upToMetadata, noCode),
  badMetadata('with an endpoint that is a number', 'token_endpoint'),
  badMetadata('with a relative endpoint', 'token_endpoint'),
  badMetadata('with an http endpoint', 'device_authorization_endpoint'),
  badMetadata('with userinfo in an endpoint', 'token_endpoint'),
  badMetadata('with an issuer that is a list', 'issuer'),
  fails(
    'issuer is not the announced one',
    'issuer-mismatch',
    'well-known versions auth-metadata×4',
    'The sign-in server was announced as http://HOST/ but identifies itself as https://evil.example/.',
  ),
  fine('metadata with endpoints on another host'),
  stale('answers 404', 'device-grant-unsupported', noCode),
  stale('answers 405', 'device-grant-unsupported', noCode),
  // A server says "invalid request" for many reasons, so its own message is passed on.
  stale(
    'says the grant is disabled',
    'device-request-refused',
    'HOST refused to issue a sign-in code: The device grant is disabled (invalid_request, status 400).',
  ),
];
