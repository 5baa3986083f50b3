import type { DiscoveryFailure, NetworkFailure } from '../../../common/failure.ts';
import { readFields, readJson } from '../fields.ts';
import { attempt } from '../http/network-error.ts';
import type { Network } from '../http/network.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import type { TypedServer } from '../../../common/server-input.ts';
import type { UrlRules } from '../../../common/urls.ts';
import { endpointUrl, parseUrl } from '../../../common/urls.ts';

/** The authorization server as the oldest drafts of OAuth for Matrix announced it. */
export type AnnouncedIssuer = Readonly<{
  /** Byte for byte as announced; not yet checked. */
  issuer: string;
  /** The account page; not yet checked. */
  account: string | null;
}>;

/** What the `.well-known` document of a server says. */
export type WellKnown = Readonly<
  | { kind: 'homeserver'; baseUrl: URL; authentication: AnnouncedIssuer | null }
  /** IGNORE: no document. Something else has to tell. */
  | { kind: 'ignore' }
  /**
   * `homeserver-unusable` is FAIL_ERROR: stop. All others are FAIL_PROMPT: ask for the address;
   * `unreachable` keeps its own words, as the person may know better where the homeserver is.
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
 * Asks the server named where its homeserver is. The content type does not matter: static hosts
 * send what they like.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#well-known-uris Matrix 1.18, well-known URIs}
 */
export async function fetchWellKnown(typed: TypedServer, network: Network): Promise<WellKnown> {
  const url = typed.wellKnownUrl;
  if (url === null) return { kind: 'ignore' };
  const sent = await attempt(() => network('well-known', url));
  if (!sent.ok) return { kind: 'failure', failure: fromNetwork(sent.failure) };
  const response = sent.value;
  if (response.status === 404) return { kind: 'ignore' };
  if (response.status !== 200) {
    return { kind: 'failure', failure: invalid(url.host, `status ${response.status}`) };
  }
  const read = readWellKnown(url.host, await readJson(response), typed);
  return read.ok
    ? { kind: 'homeserver', ...read.value }
    : { kind: 'failure', failure: read.failure };
}

/** Reads the document. Missing or of the wrong type is FAIL_PROMPT; a bad URL is FAIL_ERROR. */
function readWellKnown(
  host: string,
  body: unknown,
  rules: UrlRules,
): Result<Readonly<{ baseUrl: URL; authentication: AnnouncedIssuer | null }>, WellKnownFailure> {
  const authentication = readAuthentication(body);
  return readFields(
    (field) => invalid(host, field === 'body' ? 'not a JSON object' : `no usable ${field}`),
    body,
    (fields) => {
      const text = fields.object('m.homeserver').anyText('base_url');
      const baseUrl = endpointUrl(text, rules);
      if (baseUrl !== null && !text.includes('?')) return ok({ baseUrl, authentication });
      return err({ code: 'homeserver-unusable', homeserver: shown(text, host), why: 'address' });
    },
  );
}

/** A damaged announcement is as good as none: only old servers need it. */
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

function fromNetwork(failure: NetworkFailure): WellKnownFailure {
  switch (failure.code) {
    case 'unreachable':
      return failure;
    case 'too-large':
      return invalid(failure.host, 'too large');
    case 'redirect-refused':
      return invalid(failure.host, 'redirect');
    default:
      return invalid(failure.host, failure.code);
  }
}

function invalid(host: string, why: string): WellKnownFailure {
  return { code: 'well-known-invalid', host, why };
}

/** Scheme and host of an address that we do not use; of a text that is none, the host that sent it. */
function shown(text: string, host: string): string {
  const url = parseUrl(text);
  return url === null || url.host === '' ? host : `${url.protocol}//${url.host}`;
}
