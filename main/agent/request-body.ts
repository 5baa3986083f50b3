import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { parseJsonBytes } from '../../common/json.ts';
import type { Result } from '../../common/result.ts';
import { ok } from '../../common/result.ts';
import type { Refusal } from './errors.ts';
import { refuse } from './errors.ts';

/** More than any request needs: a login with its client metadata takes about one kilobyte. */
const LIMIT_BYTES = 64 * 1024;

/**
 * Reads a request's body as JSON that fits `schema`. A body over 64 KiB is refused as soon as the limit is
 * passed, and the rest is not kept. Rejects if the client disconnects first.
 */
export async function readBody<T>(
  request: IncomingMessage,
  schema: v.GenericSchema<unknown, T>,
): Promise<Result<T, Refusal>> {
  const body = await readBytes(request);
  if (body === null) return refuse(413, `the body is longer than ${LIMIT_BYTES} bytes`);
  const json = parseJsonBytes(body);
  if (json === undefined) return refuse(400, 'the body is not JSON');
  return checkInput(schema, json);
}

/** Checks and converts input with a schema; the refusal names the field and what it must be. */
export function checkInput<T>(
  schema: v.GenericSchema<unknown, T>,
  input: unknown,
): Result<T, Refusal> {
  const parsed = v.safeParse(schema, input);
  return parsed.success ? ok(parsed.output) : refuse(400, issueText(parsed.issues));
}

function issueText(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues
    .map((issue) => `${v.getDotPath(issue) ?? 'the body'}: ${issue.message}`)
    .slice(0, 3)
    .join('; ');
}

async function readBytes(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  // The response still has to use this connection, so leaving the loop early must not destroy it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer; // no encoding was set: chunks are buffers
    length += bytes.length;
    if (length > LIMIT_BYTES) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
