import type { Fault, Substitute } from './odd/faults.ts';
import { isRecord } from './auth/forms.ts';
import type { HttpResponse } from './personality.ts';

/** A response as it is sent. */
export type Parcel = Readonly<{
  status: number;
  headers: HttpResponse['headers'];
  body: string | Uint8Array;
}>;

/** The response and how it is sent; `dropped`: the connection is closed without one. */
export type Delivery = Readonly<
  | { how: 'whole'; parcel: Parcel; delayMs: number }
  | { how: 'cut'; parcel: Parcel; bytes: number }
  | { how: 'drip'; parcel: Parcel; bytesPerS: number }
  | { how: 'endless'; bytes: number }
  | { how: 'dropped' }
>;

/**
 * What becomes of a request that meets a fault.
 *
 * @param process does what was asked; not called by faults that keep the request from arriving
 */
export async function deliver(
  fault: Fault | null,
  process: () => Promise<HttpResponse>,
): Promise<Delivery> {
  if (fault === null) return whole(await process());
  if ('respond' in fault) return whole(substitute(blank, fault.respond));
  if ('redirect' in fault) {
    const { status, location } = fault.redirect;
    return whole({ status, headers: { location }, body: '' });
  }
  if ('endless' in fault) return { how: 'endless', bytes: fault.bytes ?? Infinity };
  if ('drop' in fault) {
    if (fault.drop === 'after') await process();
    return { how: 'dropped' };
  }
  const answer = await process();
  if ('answerTwice' in fault) return whole(await process());
  if ('patch' in fault) return whole(patched(answer, fault.patch));
  if ('reword' in fault) return whole({ ...answer, body: fault.reword(answer.body) });
  if ('replace' in fault) return whole(substitute(answer, fault.replace));
  if ('cutAt' in fault) return { how: 'cut', parcel: answer, bytes: fault.cutAt };
  if ('drip' in fault) return { how: 'drip', parcel: answer, bytesPerS: fault.drip.bytesPerS };
  return { how: 'whole', parcel: answer, delayMs: fault.delayMs };
}

const blank: Parcel = { status: 200, headers: {}, body: '' };

function whole(parcel: Parcel): Delivery {
  return { how: 'whole', parcel, delayMs: 0 };
}

/** Only JSON objects can be patched; anything else is sent unchanged. */
function patched(answer: HttpResponse, patch: (json: Record<string, unknown>) => unknown): Parcel {
  if (!String(answer.headers['content-type']).startsWith('application/json')) return answer;
  const json: unknown = JSON.parse(answer.body);
  return isRecord(json) ? { ...answer, body: JSON.stringify(patch(json)) } : answer;
}

function substitute(parcel: Parcel, { status, headers, body }: Substitute): Parcel {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const type = isRaw ? 'text/html; charset=utf-8' : 'application/json';
  return {
    status: status ?? parcel.status,
    headers: {
      ...parcel.headers,
      ...(body === undefined ? {} : { 'content-type': type }),
      ...headers,
    },
    body: body === undefined ? parcel.body : isRaw ? body : JSON.stringify(body),
  };
}
