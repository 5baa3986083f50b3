import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import type { Result } from '../../common/result.ts';
import { err, ok } from '../../common/result.ts';
import type { Refusal } from './routes.ts';
import { issueText } from './routes.ts';

/** More than any request needs: a login with its client metadata is about one kilobyte. */
const LIMIT_BYTES = 64 * 1024;

/**
 * Reads a request's body as JSON that fits `schema`. What is longer than 64 KiB is refused as soon as
 * that shows; the rest of it is never kept. Rejects when the client goes away meanwhile.
 */
export async function readBody<S extends v.GenericSchema>(
  request: IncomingMessage,
  schema: S,
): Promise<Result<v.InferOutput<S>, Refusal>> {
  const body = await readBytes(request);
  if (body === null) return refuse(413, `the body is longer than ${LIMIT_BYTES} bytes`);
  const json = parseJson(body);
  if (json === undefined) return refuse(400, 'the body is not JSON');
  const parsed = v.safeParse(schema, json);
  return parsed.success ? ok(parsed.output) : refuse(400, issueText(parsed.issues));
}

async function readBytes(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  // The answer still has to travel on this connection, so leaving early must not destroy it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer; // no encoding was set: chunks are buffers
    length += bytes.length;
    if (length > LIMIT_BYTES) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** The value, or undefined when the bytes are not JSON in UTF-8. */
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined; // both errors quote the body: nothing of them goes on
  }
}

function refuse(status: number, why: string): Result<never, Refusal> {
  return err({ status, why, allow: null });
}
