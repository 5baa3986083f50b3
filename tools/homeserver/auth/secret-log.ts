import { isRecord } from './forms.ts';

const secretMembers = ['access_token', 'refresh_token', 'device_code'];

/** Records every secret that was ever issued, so that a test can look for leaks. */
export class SecretLog {
  readonly #secrets = new Set<string>();

  /** Records the secrets in the body of a response. */
  note(body: string): void {
    for (const member of secretMembers) {
      const value = memberOf(body, member);
      if (typeof value === 'string' && value !== '') this.#secrets.add(value);
    }
  }

  all(): readonly string[] {
    return [...this.#secrets];
  }
}

function memberOf(body: string, member: string): unknown {
  try {
    const json: unknown = JSON.parse(body);
    return isRecord(json) ? json[member] : undefined;
  } catch {
    return undefined; // not JSON: it holds no secret
  }
}
