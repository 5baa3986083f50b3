import { describe, expect, test } from 'vitest';
import { describeFailure } from '../../common/failure-text.ts';
import type { Failure } from '../../common/failure.ts';
import { EVERY_FAILURE } from './every-failure.ts';

const EVERY = Object.values<Failure>(EVERY_FAILURE);

/** Sentences: they begin with a capital or a name, end with a full stop, and hold no blanks of a template. */
function readsWell(text: string): boolean {
  const whole = /^[A-Z@a-z/(].*[^.\s][.]$/.test(text) && text.length >= 15 && text.length <= 300;
  const begins = /^(?:[A-Z(]|[a-z@/][^ ]*[.:/][^ ]* |alice )/.test(text);
  return whole && begins && !/undefined|null|NaN|\[object|\.\.|  | [.,:;]|\$\{/.test(text);
}

/** Words that mean nothing to the person, or that scold or fawn. */
const JARGON =
  /\b(?:JSON|HTTP(?!:)|DCR|RFC|endpoint|payload|parse|invalid|illegal|abort|oops|please|sorry|fatal|whoami|errcode|unfortunately)\b/i;

describe('describeFailure()', () => {
  test.each(EVERY)('has a message and a hint in sentences for $code', (failure) => {
    const { code, message, hint } = describeFailure(failure);
    const badly = [message, hint].filter((text) => !readsWell(text));
    expect({ code, badly }).toEqual({ code: failure.code, badly: [] });
  });

  test('uses no jargon of its own', () => {
    const texts = EVERY.map(describeFailure).map(({ message, hint }) => `${message} ${hint}`);
    expect(texts.filter((text) => JARGON.test(text))).toEqual([]);
  });

  test('names what is involved', () => {
    const { unreachable, 'account-unknown': unknown } = EVERY_FAILURE;
    expect([unreachable, unknown].map((failure) => describeFailure(failure))).toEqual([
      {
        code: 'unreachable',
        message: 'auth.example.org cannot be reached: there is no address for that name.',
        hint: 'Check the spelling of the name and your network connection, then try again.',
      },
      {
        code: 'account-unknown',
        message: 'There is no account named alice here.',
        hint: 'The accounts here are alice, work.',
      },
    ]);
  });

  test("quotes the server's words, cleaned, with its code", () => {
    const description = 'Not\u202e today.\nReally. ';
    const failure = { code: 'login-refused', error: 'invalid_scope', description } as const;
    expect(describeFailure(failure).message).toBe(
      'The server stopped the sign-in: Not today. Really (invalid_scope).',
    );
    const silent = { ...EVERY_FAILURE['device-request-refused'], error: null, description: null };
    expect(describeFailure(silent).message).toBe(
      'auth.example.org does not give out a sign-in code: it gave no reason (status 503).',
    );
  });

  test.each([
    [500, 'Try again in 1 s;'],
    [90_000, 'Try again in 1 min 30 s;'],
    [150_000, 'Try again in 2 min 30 s;'],
    [999_999_000, 'Try again in 11 d 14 h;'],
  ])('says how long a server asks to wait: %i ms', (retryAfterMs, hint) => {
    const failure = { code: 'rate-limited', host: 'auth.example.org', retryAfterMs } as const;
    expect(describeFailure(failure).hint).toContain(hint);
  });

  test('reads well whatever the server left out', () => {
    const sparse: Failure[] = [
      { code: 'not-a-server', why: 'empty' },
      { code: 'account-unknown', account: '', labels: [] },
      { code: 'account-ambiguous', account: '', labels: ['alice', 'work'] },
      { code: 'whoami-rejected', errcode: null },
      { code: 'token-rejected', errcode: null, softLogout: false },
      { code: 'login-code-invalid', maybeSignedIn: false },
      { code: 'revocation-refused', host: 'auth.example.org', status: 401, error: null },
      { code: 'vault-corrupt', quarantine: null },
      { code: 'homeserver-unusable', homeserver: 'https://example.org', why: 'address' },
      { code: 'label-invalid', label: '\u0000' },
    ];
    const texts = sparse.map(describeFailure).flatMap(({ message, hint }) => [message, hint]);
    expect(texts.filter((text) => !readsWell(text))).toEqual([]);
  });
});
