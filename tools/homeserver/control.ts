import type { Step } from '../../main/protocol/http/network.ts';
import { json } from './responses.ts';
import { isRecord, readJson } from './auth/forms.ts';
import type { TestHomeserver } from './homeserver.ts';
import { findOddBehaviour } from './odd/odd-behaviour.ts';
import type { HttpResponse, HttpRequest } from './personality.ts';

const steps: readonly Step[] = [
  'well-known',
  'versions',
  'auth-metadata',
  'login-flows',
  'registration',
  'device-authorization',
  'token',
  'refresh',
  'revocation',
  'whoami',
  'profile',
];

/**
 * Control over HTTP, for scripts: `POST /_test/approve {"user_code","user"?}`, `POST /_test/deny
 * {"user_code"}`, `POST /_test/faults {"name"}`, `DELETE /_test/faults`, `GET /_test/counters`.
 * Null: another path.
 */
export function answerControl(server: TestHomeserver, asked: HttpRequest): HttpResponse | null {
  const { pathname } = asked.url;
  if (!pathname.startsWith('/_test/')) return null;
  const body = readJson(asked);
  const fields = isRecord(body) ? body : {};
  switch (`${asked.method} ${pathname}`) {
    case 'POST /_test/approve':
      return approve(server, textIn(fields, 'user_code'), textIn(fields, 'user'));
    case 'POST /_test/deny':
      return server.deny(textIn(fields, 'user_code') ?? '') ? done() : unknownCode();
    case 'POST /_test/faults':
      return arrange(server, textIn(fields, 'name') ?? '');
    case 'DELETE /_test/faults':
      server.faults.clear();
      return done();
    case 'GET /_test/counters':
      return json(200, Object.fromEntries(steps.map((step) => [step, server.count(step)])));
    default:
      return failed(404, 'unknown-path', 'Unknown control path.');
  }
}

function approve(
  server: TestHomeserver,
  userCode: string | null,
  user: string | null,
): HttpResponse {
  const approved =
    user === null ? server.approve(userCode ?? '') : server.approve(userCode ?? '', user);
  return approved ? done() : unknownCode();
}

function arrange(server: TestHomeserver, name: string): HttpResponse {
  const entry = findOddBehaviour(name);
  if (entry === null) return failed(404, 'unknown-fault', `Unknown fault "${name}".`);
  if (entry.options !== undefined) {
    return failed(
      409,
      'needs-restart',
      'This fault can only be chosen when the server starts: restart it with --fault.',
    );
  }
  entry.arrange(server);
  return done();
}

function done(): HttpResponse {
  return json(200, {});
}

function unknownCode(): HttpResponse {
  return failed(404, 'unknown-code', "No such code is pending, or it can't be approved.");
}

function failed(status: number, error: string, message: string): HttpResponse {
  return json(status, { error, message });
}

function textIn(fields: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = fields[name];
  return typeof value === 'string' ? value : null;
}
