/** Stands where a secret was. */
export const REDACTED = '[redacted]';

/** JSON and form members, and query parameters, that hold secrets. */
const SECRET_MEMBERS: ReadonlySet<string> = new Set([
  'access_token',
  'refresh_token',
  'id_token',
  'token',
  'device_code',
  'user_code',
  'code',
  'client_secret',
  'registration_access_token',
  'client_assertion',
  'assertion',
  'code_verifier',
  'login_token',
  'password',
]);

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'dpop',
]);

/** Shorter texts are redacted in their place only: they occur elsewhere by chance. */
const MIN_ECHO = 4;

/** `?name=value` and its like, anywhere in a text; a name is at most 100 characters as written. */
const PARAMETER = /([?&#;])([^=&#;?\s]{1,100})=([^&#;\s"'<>]*)/g;

/** Whether a member of this name holds a secret, whatever its case. */
export function isSecretMember(name: string): boolean {
  return SECRET_MEMBERS.has(name.toLowerCase());
}

/**
 * Removes secrets from what an exchange sent and received: first learn them, from wherever they
 * have their place, then clean. Cleaning empties those places, and also finds the same text where a
 * server repeats it (`verification_uri_complete`, an `error_description`).
 */
export class Redactor {
  readonly #echoes = new Set<string>();

  /** Notes a secret, also in the ways it is written in a URL. */
  learn(secret: string): void {
    for (const text of [secret, decoded(secret), decoded(secret.replaceAll('+', '%2B'))]) {
      for (const form of [text, percentEncoded(text), formEncoded(text)]) {
        if (form.length >= MIN_ECHO) this.#echoes.add(form);
      }
    }
  }

  /** Notes the secrets among a text's query parameters. */
  learnFromText(text: string): void {
    for (const [, , name = '', value = ''] of text.matchAll(PARAMETER)) {
      if (isSecretMember(decoded(name))) this.learn(value);
    }
  }

  /** Notes the secrets of a parsed JSON value. */
  learnFromJson(value: unknown, secret = false): void {
    if (typeof value === 'string') {
      if (secret) this.learn(value);
      this.learnFromText(value);
    } else if (typeof value === 'number') {
      if (secret) this.learn(String(value));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        this.learnFromJson(member, secret || isSecretMember(name));
      }
    }
  }

  /** Notes the secrets of a form's pairs. */
  learnFromForm(form: URLSearchParams): void {
    for (const [name, value] of form) this.learnFromJson(value, isSecretMember(name));
  }

  /** Notes what secret headers hold: `Bearer <token>` holds a token. */
  learnFromHeaders(headers: Headers): void {
    for (const [name, value] of headers) {
      if (!SECRET_HEADERS.has(name)) this.learnFromText(value);
      else for (const word of value.split(/[\s;,]+/)) this.learn(word.replace(/^[^=]*=(?=.)/, ''));
    }
  }

  /** A text without secret parameters, userinfo, and everything learnt. */
  text(text: string): string {
    const emptied = text
      .replace(PARAMETER, (pair, start: string, name: string) =>
        isSecretMember(decoded(name)) ? `${start}${name}=${REDACTED}` : pair,
      )
      .replace(/:\/\/[^/?#@\s]*@/g, `://${REDACTED}@`);
    return this.#withoutEchoes(emptied);
  }

  /** A parsed JSON value with its secret members emptied. */
  json(value: unknown): unknown {
    if (typeof value === 'string') return this.#sentence(value);
    if (typeof value === 'number') return this.#echoes.has(String(value)) ? REDACTED : value;
    if (Array.isArray(value)) return value.map((item: unknown) => this.json(item));
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).map(([name, member]) => [
      this.text(name),
      isSecretMember(name) && member !== null ? REDACTED : this.json(member),
    ]);
    return Object.fromEntries(members) as unknown; // typed any
  }

  /** A form's pairs, written as on the wire but with its secret ones emptied. */
  form(form: URLSearchParams): string {
    const pairs = Array.from(form, ([name, value]) => {
      const shown = isSecretMember(name) ? REDACTED : percentEncoded(this.text(value));
      return `${percentEncoded(this.text(name))}=${shown}`;
    });
    return pairs.join('&');
  }

  /** Headers by their lower-case names. */
  headers(headers: Headers): Readonly<Record<string, string>> {
    const shown = Array.from(headers, ([name, value]) => [
      name,
      SECRET_HEADERS.has(name) ? REDACTED : this.text(value),
    ]);
    return Object.fromEntries(shown) as Record<string, string>; // typed any
  }

  /** A sentence may hold the token of another exchange, of which nothing was learnt. */
  #sentence(text: string): string {
    const clean = this.text(text);
    return /\s/.test(text.trim()) ? withoutTokens(clean) : clean;
  }

  #withoutEchoes(text: string): string {
    let clean = text;
    const longestFirst = [...this.#echoes].sort((a, b) => b.length - a.length);
    for (const echo of longestFirst) clean = clean.replaceAll(echo, REDACTED);
    return clean;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text; // A stray `%`: then the text is what it looks like.
  }
}

function percentEncoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\u{fffd}'));
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** A run of the characters that tokens are made of, long enough to be one. */
const RUN = /[\w.~+/=-]{16,}/g;

/** Stands where something was that looks like a token. */
const LEFT_OUT = '[…]';

/**
 * A sentence without anything in it that looks like a token: 16 and more characters without a break,
 * letters and digits among them. Servers put tokens into their error texts; people need none there.
 */
export function withoutTokens(sentence: string): string {
  return sentence.replace(RUN, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) ? LEFT_OUT : run));
}
