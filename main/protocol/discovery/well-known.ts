import type { DiscoveryFailure, NetworkFailure } from '../../../common/failure.ts';
import { readFields, readJson } from '../fields.ts';
import { catchNetworkError } from '../http/network-error.ts';
import type { Network } from '../http/network.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import type { TypedServer } from '../../../common/server-input.ts';
import type { UrlRules } from '../../../common/urls.ts';
import { endpointUrl, parseUrl } from '../../../common/urls.ts';

/** The authorization server as the first drafts of OAuth for Matrix announced it. */
export type AnnouncedIssuer = Readonly<{
  /** Byte for byte as announced; not yet checked. */
  issuer: string;
  /** The account management page; not yet checked. */
  account: string | null;
}>;

/** The content of a server's `.well-known` document. */
export type WellKnown = Readonly<
  | { kind: 'homeserver'; baseUrl: URL; authentication: AnnouncedIssuer | null }
  /** IGNORE: no document. */
  | { kind: 'ignore' }
  /**
   * `homeserver-unusable` is FAIL_ERROR: stop. All others are FAIL_PROMPT: prompt for the homeserver's
   * address. `unreachable` stays what it is, because it may be transient.
   */
  | {
      kind: 'failure';
      failure: Extract<
        DiscoveryFailure | NetworkFailure,
        { code: 'well-known-invalid' | 'homeserver-unusable' | 'unreachable' }
      >;
    }
>;

type WellKnownFailure = Extract<WellKnown, { kind: 'failure' }>['failure'];

/**
 * GET the `.well-known` document that names a server's homeserver. Accepts any content type, because
 * static hosts send all kinds.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#well-known-uris Matrix 1.18, well-known URIs}
 */
export async function fetchWellKnown(typed: TypedServer, network: Network): Promise<WellKnown> {
  const url = typed.wellKnownUrl;
  if (url === null) return { kind: 'ignore' };
  const sent = await catchNetworkError(() => network('well-known', url));
  if (!sent.ok) return { kind: 'failure', failure: fromNetwork(sent.failure, typed) };
  const response = sent.value;
  if (response.status === 404) return { kind: 'ignore' };
  if (response.status !== 200) {
    return {
      kind: 'failure',
      failure: invalid(url.host, `the server responded with status ${response.status}`),
    };
  }
  const read = readWellKnown(url.host, await readJson(response), typed);
  return read.ok
    ? { kind: 'homeserver', ...read.value }
    : { kind: 'failure', failure: read.failure };
}

/** Reads the document. A missing or wrong field is FAIL_PROMPT; a bad URL is FAIL_ERROR. */
function readWellKnown(
  host: string,
  body: unknown,
  rules: UrlRules,
): Result<Readonly<{ baseUrl: URL; authentication: AnnouncedIssuer | null }>, WellKnownFailure> {
  const authentication = readAuthentication(body);
  return readFields(
    (field) =>
      invalid(host, field === 'body' ? 'it is not a JSON object' : `it has no usable ${field}`),
    body,
    (fields) => {
      const text = fields.object('m.homeserver').anyText('base_url');
      const baseUrl = endpointUrl(text, rules);
      if (baseUrl !== null && !text.includes('?')) return ok({ baseUrl, authentication });
      return err({ code: 'homeserver-unusable', homeserver: shown(text, host), why: 'address' });
    },
  );
}

/** null when damaged, too: only old servers need it. */
function readAuthentication(body: unknown): AnnouncedIssuer | null {
  const read = readFields('', body, (fields) => {
    const found =
      fields.optionalObject('org.matrix.msc2965.authentication') ??
      fields.optionalObject('m.authentication');
    if (found === null) return ok(null);
    return ok({ issuer: found.text('issuer'), account: found.optionalText('account') });
  });
  return read.ok ? read.value : null;
}

function fromNetwork(failure: NetworkFailure, typed: TypedServer): WellKnownFailure {
  switch (failure.code) {
    case 'unreachable':
      return isUrl(typed) ? failure : { ...failure, isTypedServer: true };
    case 'too-large':
      return invalid(failure.host, 'it is too large');
    case 'redirect-refused':
      return invalid(failure.host, 'it redirects to an address that Keyfob does not follow');
    default:
      return invalid(failure.host, 'the response is malformed');
  }
}

/** Whether the person typed a URL, which says where the homeserver is, rather than a server name. */
export function isUrl({ typed }: TypedServer): boolean {
  return /^https?:/i.test(typed);
}

function invalid(host: string, why: string): WellKnownFailure {
  return { code: 'well-known-invalid', host, why };
}

/** Scheme and host of an unusable URL; for a text that is not a URL, the host that sent it. */
function shown(text: string, host: string): string {
  const url = parseUrl(text);
  return url === null || url.host === '' ? host : `${url.protocol}//${url.host}`;
}
