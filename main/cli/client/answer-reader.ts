/** The agent's answer to one request. Header names are in lower case. */
export type Answer = Readonly<{
  status: number;
  headers: ReadonlyMap<string, string>;
  body: string;
}>;

const HEAD_LIMIT = 64 * 1024;
const BODY_LIMIT = 16 * 1024 * 1024;
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/**
 * Reads one HTTP/1.1 answer whose length is announced, the only kind that the agent gives to a plain
 * request. Everything else is `malformed`: whoever listens there is not the agent.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112.html#section-6.3 RFC 9112 §6.3}
 */
export class AnswerReader {
  #bytes: Buffer = Buffer.alloc(0);
  #head: Head | null = null;

  /** Takes what came; says when the answer is whole, however it was cut into pieces. */
  push(chunk: Uint8Array): Answer | 'more' | 'malformed' {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    while (this.#head === null) {
      const end = this.#bytes.indexOf(END_OF_HEAD);
      if (end === -1) return this.#bytes.length > HEAD_LIMIT ? 'malformed' : 'more';
      const head = readHead(this.#bytes.toString('latin1', 0, end));
      if (head === null) return 'malformed';
      this.#bytes = this.#bytes.subarray(end + END_OF_HEAD.length);
      // 100 Continue and its kin announce the answer; they are not it.
      if (head.status >= 200) this.#head = head;
    }
    const { status, headers, length } = this.#head;
    if (this.#bytes.length < length) return 'more';
    return { status, headers, body: this.#bytes.toString('utf8', 0, length) };
  }
}

type Head = Readonly<{ status: number; headers: ReadonlyMap<string, string>; length: number }>;

function readHead(text: string): Head | null {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const status = /^HTTP\/1\.1 ([1-5]\d\d)(?: |$)/.exec(statusLine)?.[1];
  if (status === undefined) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return null;
    headers.set(name.toLowerCase(), value);
  }
  const length = bodyLength(Number(status), headers);
  return length === null ? null : { status: Number(status), headers, length };
}

function bodyLength(status: number, headers: ReadonlyMap<string, string>): number | null {
  if (status < 200 || status === 204) return 0;
  const length = headers.get('content-length') ?? '';
  if (headers.has('transfer-encoding') || !/^\d{1,8}$/.test(length)) return null;
  return Number(length) <= BODY_LIMIT ? Number(length) : null;
}
