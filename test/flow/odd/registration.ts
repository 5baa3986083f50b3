import { expect } from 'vitest';
import type { Row } from '../row.ts';
import { codeShown, refused, signIn, signInAndHear, signedIn, upToCode } from '../signing-in.ts';
import type { ShownCode } from '../signing-in.ts';

const upToRegistration = 'well-known versions auth-metadata registration';

function fine(name: string, metadata?: string): Row {
  return { name, live: signIn, expects: signedIn(metadata) };
}

function fails(name: string, code: string, saw: string, says: string): Row {
  return { name, live: signInAndHear, expects: refused(code, saw, says) };
}

function badAnswer(name: string, field: string, saw = upToRegistration): Row {
  const problem =
    field === 'body' ? 'it is not in the expected format' : `${field} is missing or wrong`;
  const says = `HOST sent a response that Keyfob can't use: ${problem}.`;
  return fails(name, 'malformed-response', saw, says);
}

function badCode(name: string, field: string): Row {
  return badAnswer(`device answer ${name}`, field, upToCode);
}

function unsafeLink(name: string, field: string): Row {
  const says = `The sign-in was stopped because the server sent a link that is not safe to open (${field}).`;
  return fails(`device answer ${name}`, 'unsafe-link', upToCode, says);
}

/** The code as the user sees it, and the polling: as usual except for this. */
function shown(name: string, difference: Partial<ShownCode> = {}): Row {
  const usual = {
    code: expect.stringMatching(/^[A-Z0-9]{6}$/) as unknown,
    link: 'http://HOST/link',
    complete: null,
    livesS: 1_200,
    askedAtS: [5, 10],
  };
  return { name: `device answer ${name}`, live: codeShown, expects: { ...usual, ...difference } };
}

/** Rows 16 to 28. */
export const registrationRows: readonly Row[] = [
  fine('registration answers 200'),
  fine('registration with null members'),
  fine('registration with extra members'),
  fine('registration with other grant types'),
  fine('registration with another client name'),
  badAnswer('registration without client id', 'client_id'),
  badAnswer('registration with an empty client id', 'client_id'),
  badAnswer('registration with a number as client id', 'client_id'),
  badAnswer('registration answers 201 with a page', 'body'),
  fine('registration wants redirect URIs, in plain text', 'auth-metadata registration×2'),
  fine('registration wants redirect URIs, as an error', 'auth-metadata registration×2'),
  fails(
    'registration refused in Matrix format',
    'registration-refused',
    upToRegistration,
    'HOST refused to register this client: An initial token is needed (M_FORBIDDEN, status 403).',
  ),
  fails(
    'registration refused in plain text',
    'registration-refused',
    `${upToRegistration}×2`,
    'HOST refused to register this client: No registration today (status 400).',
  ),
  fine('client id with characters that forms escape'),
  fine('client id of 3 kB'),
  badAnswer('client id of 5 kB', 'client_id'),

  shown('without interval'),
  shown('with interval 0'),
  shown('with interval -1'),
  shown('with interval as text'),
  badCode('with interval 1e9', 'interval'),
  shown('with expires_in 60', { livesS: 60 }),
  badCode('with expires_in 0', 'expires_in'),
  badCode('with expires_in -1', 'expires_in'),
  shown('with expires_in as text', { livesS: 1_800 }),
  shown('with expires_in 1e308', { livesS: 3_600 }),
  shown('without expires_in', { livesS: 300 }),
  shown('without complete link'),
  unsafeLink('with a script as link', 'verification_uri'),
  unsafeLink('with a file as link', 'verification_uri'),
  unsafeLink('with an http link', 'verification_uri'),
  unsafeLink('with a script as complete link', 'verification_uri_complete'),
  shown('with a complete link elsewhere'),
  shown('with verification_url'),
  badCode('with an empty code', 'user_code'),
  badCode('with a code of 10 kB', 'user_code'),
  shown('with line breaks in the code', { code: 'ABC DEF' }),
  shown('with a bidi override in the code', { code: 'ABCFED' }),
];
