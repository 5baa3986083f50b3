import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUG_REPLY, errorReply } from '../../main/agent/errors.ts';
import { exitCodeOf } from '../../common/failure-codes.ts';
import { EVERY_FAILURE } from '../common/every-failure.ts';

test('errorReply() gives every failure the status that docs/agent-api.md documents', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/agent-api.md'), 'utf8');
  const rows = guide.matchAll(/^\| `([a-z-]+)` +\| (\d{3}) +\| (\d+) +\|/gm);
  const promised = [...rows].map(([, code, status, exit]) => [code, Number(status), Number(exit)]);
  const given = Object.values(EVERY_FAILURE).map((failure) => [
    failure.code,
    errorReply(failure).status,
    exitCodeOf(failure.code),
  ]);
  expect(promised).toEqual([...given, [BUG_REPLY.error.code, BUG_REPLY.status, 1]]);
});

test('docs/agent-api.md quotes the message of every failure', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/agent-api.md'), 'utf8');
  const rows = guide.matchAll(/^\| `([a-z-]+)` +\| \d{3} +\| \d+ +\| (.+?) +\|$/gm);
  const quoted = [...rows].map(([, code, message]) => [code, message]);
  const said = Object.values(EVERY_FAILURE).map((failure) => [
    failure.code,
    errorReply(failure).error.message,
  ]);
  expect(Object.fromEntries(quoted)).toEqual(
    Object.fromEntries([...said, [BUG_REPLY.error.code, BUG_REPLY.error.message]]),
  );
});

test('errorReply() rounds the wait up, so that no client retries too early', () => {
  const failure = { code: 'rate-limited', host: 'example.org', retryAfterMs: 1 } as const;
  expect(errorReply(failure).error.retry_after_s).toBe(1);
});
