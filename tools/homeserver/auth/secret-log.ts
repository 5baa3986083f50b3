import { isRecord } from './forms.ts';

const secretMembers = ['access_token', 'refresh_token', 'device_code'];

/** Remembers every secret that was ever given out, so that a test can look for leaks. */
export class SecretLog {
  readonly #secrets = new Set<string>();

  /** Takes note of the secrets in the body of an answer. */
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
    return undefined; // not JSON: nothing was given out
  }
}
