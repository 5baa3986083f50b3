import { describe, expect, test } from 'vitest';
import { describeFailure, describeRetriedFailure } from '../../common/failure-text.ts';
import { isTransient } from '../../common/failure.ts';
import type { Failure } from '../../common/failure.ts';
import { EVERY_FAILURE } from './every-failure.ts';

const EVERY = Object.values<Failure>(EVERY_FAILURE);

/** Between a command and the agent: no account ever waits for one of these. */
const AGENT_ONLY: readonly string[] = ['agent-silent', 'agent-stopping', 'timed-out'];

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
    expect({
      unreachable: describeFailure(unreachable),
      unknown: describeFailure(unknown),
    }).toEqual({
      unreachable: {
        code: 'unreachable',
        message: "Can't reach auth.example.org: the host name was not found.",
        hint: 'Check the spelling and your network connection, then try again.',
      },
      unknown: {
        code: 'account-unknown',
        message: 'There is no account named alice.',
        hint: 'Available accounts: alice, work.',
      },
    });
  });

  test("quotes the server's words, cleaned, with its code", () => {
    const description = 'Not\u202e today.\nReally. ';
    const failure = { code: 'login-refused', error: 'invalid_scope', description } as const;
    const silent = {
      ...EVERY_FAILURE['device-request-refused'],
      error: null,
      description: null,
    };
    expect({
      quoted: describeFailure(failure).message,
      silent: describeFailure(silent).message,
    }).toEqual({
      quoted: 'The server stopped the sign-in: Not today. Really (invalid_scope).',
      silent: 'auth.example.org refused to issue a sign-in code: it gave no reason (status 400).',
    });
  });

  test("hints at the homeserver's own address only if a server name was typed", () => {
    const unreachable = { code: 'unreachable', host: 'example.org', why: 'refused' } as const;
    expect({
      address: describeFailure(unreachable).hint,
      name: describeFailure({ ...unreachable, isTypedServer: true }).hint,
    }).toEqual({
      address: 'Check the address and your network connection, then try again.',
      name: "Check the address and your network connection, or enter the homeserver's own address, such as https://matrix.example.org.",
    });
  });

  test('shows no failure code for the response of a homeserver', () => {
    const homeserver = 'https://matrix.example.org';
    const whys = [
      'address',
      'too-large',
      'redirect-refused',
      'malformed-response',
      'endpoint-gone',
    ] as const;
    const messages = whys.map(
      (why) => describeFailure({ code: 'homeserver-unusable', homeserver, why }).message,
    );
    expect(messages).toEqual([
      'The homeserver address https://matrix.example.org is not one that Keyfob can use.',
      'https://matrix.example.org does not respond like a Matrix homeserver: its response is too large.',
      'https://matrix.example.org does not respond like a Matrix homeserver: it redirects to another address.',
      'https://matrix.example.org does not respond like a Matrix homeserver: its response is not in the expected format.',
      'https://matrix.example.org does not respond like a Matrix homeserver: the Matrix API is not there.',
    ]);
  });

  test('describes reading, writing and the passphrase file each in its own text', () => {
    const failed = (
      path: string,
      errno: string,
      attempted: 'read' | 'read-passphrase' | 'write',
    ) => {
      const { message, hint } = describeFailure({ code: 'disk-failed', path, errno, attempted });
      return `${message} ${hint}`;
    };
    expect({
      passphraseFile: failed('typo', 'ENOENT', 'read-passphrase'),
      record: failed('/vault/alice.a.sealed', 'EIO', 'read'),
      written: failed('/vault/alice.a.sealed', 'EXYZ', 'write'),
    }).toEqual({
      passphraseFile:
        "The passphrase file typo can't be read: no such file or folder (ENOENT). Set KEYFOB_PASSPHRASE_FILE to a file that contains your passphrase and that you can read.",
      record:
        'Reading /vault/alice.a.sealed failed: input/output error (EIO). Check the path and the disk, then try again.',
      written:
        'Writing to /vault/alice.a.sealed failed: the system reported EXYZ. Check the path and the disk, then try again.',
    });
  });

  test('describes a client file differently from a field', () => {
    const failure = {
      code: 'client-metadata-invalid',
      field: 'bad.json',
      why: 'it is not JSON',
      isFile: true,
    } as const;
    expect(describeFailure(failure)).toEqual({
      code: 'client-metadata-invalid',
      message: "The client metadata can't be read from bad.json: it is not JSON.",
      hint: 'Pass the path of a file that contains a JSON object, or leave the option out.',
    });
  });

  test.each([
    [500, 'Try again in 1 s.'],
    [90_000, 'Try again in 1 min 30 s.'],
    [150_000, 'Try again in 2 min 30 s.'],
    [999_999_000, 'Try again in 11 d 14 h.'],
  ])('states how long a server asked to wait: %i ms', (retryAfterMs, hint) => {
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
      { code: 'malformed-response', host: 'auth.example.org', field: 'body' },
      { code: 'malformed-response', host: 'auth.example.org', field: 'status' },
      { code: 'disk-denied', path: '/vault', attempted: 'read' },
      { code: 'disk-denied', path: '/vault', attempted: 'read-passphrase' },
      { code: 'disk-denied', path: '/vault', attempted: 'own' },
    ];
    const texts = sparse.map(describeFailure).flatMap(({ message, hint }) => [message, hint]);
    expect(texts.filter((text) => !readsWell(text))).toEqual([]);
  });
});

describe('describeRetriedFailure()', () => {
  test.each(EVERY)('has a message and a hint without a request to retry for $code', (failure) => {
    const { message, hint } = describeRetriedFailure(failure);
    const retried = isTransient(failure) && !AGENT_ONLY.includes(failure.code);
    const asks = retried && /[Tt]ry again/.test(hint);
    expect({ badly: [message, hint].filter((text) => !readsWell(text)), asks }).toEqual({
      badly: [],
      asks: false,
    });
  });

  test('promises that Keyfob retries where the network or the disk is in the way', () => {
    const { unreachable, 'disk-full': full } = EVERY_FAILURE;
    expect({
      unreachable: describeRetriedFailure(unreachable).hint,
      full: describeRetriedFailure(full).hint,
    }).toEqual({
      unreachable: 'Check your network connection. Keyfob keeps retrying.',
      full: "Free up space. Keyfob keeps retrying, and hands out no token that isn't saved.",
    });
  });
});
