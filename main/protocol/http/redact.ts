/** Replaces a secret. */
export const REDACTED = '[redacted]';

/** JSON and form fields, and query parameters, whose values are secrets. */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
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

/** A shorter secret is redacted only in its own field: elsewhere the same text may be a coincidence. */
const MIN_ECHO = 4;

/** `?name=value` and the like anywhere in a text; a name has at most 100 characters as written. */
const PARAMETER = /([?&#;])([^=&#;?\s]{1,100})=([^&#;\s"'<>]*)/g;

/** Whether the value of a field with this name is a secret. Ignores case. */
export function isSecretField(name: string): boolean {
  return SECRET_FIELDS.has(name.toLowerCase());
}

/**
 * Removes secrets from a request and its response. First learn the secrets from the fields, parameters
 * and headers that contain them; then redact. Redacting replaces those values, and the same text wherever
 * a server repeats it (`verification_uri_complete`, an `error_description`).
 */
export class Redactor {
  readonly #echoes = new Set<string>();

  /** Learns a secret, and how it is written in URLs. */
  learn(secret: string): void {
    for (const text of [secret, decoded(secret), decoded(secret.replaceAll('+', '%2B'))]) {
      for (const form of [text, percentEncoded(text), formEncoded(text)]) {
        if (form.length >= MIN_ECHO) this.#echoes.add(form);
      }
    }
  }

  /** Learns the secrets among a text's query parameters. */
  learnFromText(text: string): void {
    for (const [, , name = '', value = ''] of text.matchAll(PARAMETER)) {
      if (isSecretField(decoded(name))) this.learn(value);
    }
  }

  /** Learns the secrets in a parsed JSON value. */
  learnFromJson(value: unknown, secret = false): void {
    if (typeof value === 'string') {
      if (secret) this.learn(value);
      this.learnFromText(value);
    } else if (typeof value === 'number') {
      if (secret) this.learn(String(value));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        this.learnFromJson(member, secret || isSecretField(name));
      }
    }
  }

  /** Learns the secrets in a form. */
  learnFromForm(form: URLSearchParams): void {
    for (const [name, value] of form) this.learnFromJson(value, isSecretField(name));
  }

  /** Learns the secrets in headers, such as the token of `Bearer <token>`. */
  learnFromHeaders(headers: Headers): void {
    for (const [name, value] of headers) {
      if (!SECRET_HEADERS.has(name)) this.learnFromText(value);
      else for (const word of value.split(/[\s;,]+/)) this.learn(word.replace(/^[^=]*=(?=.)/, ''));
    }
  }

  /** A text without secret parameters, userinfo and learned secrets. */
  text(text: string): string {
    const emptied = text
      .replace(PARAMETER, (pair, start: string, name: string) =>
        isSecretField(decoded(name)) ? `${start}${name}=${REDACTED}` : pair,
      )
      .replace(/:\/\/[^/?#@\s]*@/g, `://${REDACTED}@`);
    return this.#withoutEchoes(emptied);
  }

  /** A parsed JSON value with its secret fields redacted. */
  json(value: unknown): unknown {
    if (typeof value === 'string') return this.#sentence(value);
    if (typeof value === 'number') return this.#echoes.has(String(value)) ? REDACTED : value;
    if (Array.isArray(value)) return value.map((item: unknown) => this.json(item));
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).map(([name, member]) => [
      this.text(name),
      isSecretField(name) && member !== null ? REDACTED : this.json(member),
    ]);
    return Object.fromEntries(members) as unknown; // typed any
  }

  /** A form as on the wire, with its secret fields redacted. */
  form(form: URLSearchParams): string {
    const pairs = Array.from(form, ([name, value]) => {
      const shown = isSecretField(name) ? REDACTED : percentEncoded(this.text(value));
      return `${percentEncoded(this.text(name))}=${shown}`;
    });
    return pairs.join('&');
  }

  /** Headers by their lower-case names, secret ones redacted. */
  headers(headers: Headers): Readonly<Record<string, string>> {
    const shown = Array.from(headers, ([name, value]) => [
      name,
      SECRET_HEADERS.has(name) ? REDACTED : this.text(value),
    ]);
    return Object.fromEntries(shown) as Record<string, string>; // typed any
  }

  /** Server messages may contain a token from another exchange, which was not learned here. */
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
    return text; // A stray `%`: not percent-encoded, so take it literally.
  }
}

function percentEncoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\u{fffd}'));
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** A run of token characters that is long enough to be a token. */
const RUN = /[\w.~+/=-]{16,}/g;

/** Replaces what looks like a token. */
const LEFT_OUT = '[…]';

/**
 * A sentence without anything that looks like a token: 16 or more token characters in a row, with letters
 * and digits among them. Servers put tokens into their error messages.
 */
export function withoutTokens(sentence: string): string {
  return sentence.replace(RUN, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) ? LEFT_OUT : run));
}
