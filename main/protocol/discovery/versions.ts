import type { NetworkFailure } from '../../../common/failure.ts';
import { readFields, readJson } from '../fields.ts';
import { catchNetworkError, networkFailureOfStatus } from '../http/network-error.ts';
import type { Network } from '../http/network.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import { apiUrl } from '../../../common/urls.ts';

/** Format of a version: `v1.18`, `r0.6.1`. Anything else in the list is dropped. */
const VERSION = /^[a-z]\d[\w.-]{0,30}$/i;

/**
 * GET the specification versions of a homeserver. Only proves that there is a homeserver: servers support
 * OAuth without listing the version that introduced it.
 *
 * Sent without a token. A status other than 200 is `malformed-response` with field `status`.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#get_matrixclientversions Matrix 1.18, GET versions}
 */
export async function fetchVersions(
  homeserver: string,
  network: Network,
): Promise<Result<readonly string[], NetworkFailure>> {
  const url = apiUrl(homeserver, '/_matrix/client/versions');
  const sent = await catchNetworkError(() => network('versions', url));
  if (!sent.ok) return sent;
  const failure = networkFailureOfStatus(url.host, sent.value);
  if (failure !== null) return err(failure);
  if (sent.value.status !== 200) {
    return err({ code: 'malformed-response', host: url.host, field: 'status' });
  }
  return readVersions(url.host, await readJson(sent.value));
}

/** Reads the response to {@link fetchVersions}. */
function readVersions(host: string, body: unknown): Result<readonly string[], NetworkFailure> {
  return readFields(host, body, (fields) =>
    ok(fields.texts('versions').filter((version) => VERSION.test(version))),
  );
}
