import type { AuthorizationServer } from 'oauth4webapi';
import type { DiscoveryFailure } from '../../../common/failure.ts';
import type { Fields } from '../fields.ts';
import { readFields } from '../fields.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import type { UrlRules } from '../../../common/urls.ts';
import { endpointUrl, safeLink } from '../../../common/urls.ts';

/**
 * The OAuth authorization server of a homeserver, from its metadata.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#server-metadata-discovery Matrix 1.18, server metadata discovery}
 */
export type AuthServer = Readonly<{
  /** Base URL of the client-server API; no trailing slash. */
  homeserver: string;
  /** Byte for byte as announced: MAS ends it with a slash. */
  issuer: string;
  registrationEndpoint: URL;
  deviceAuthorizationEndpoint: URL;
  tokenEndpoint: URL;
  /** null on some servers: sign-out is then a link to the account management page. */
  revocationEndpoint: URL | null;
  accountManagementUri: URL | null;
  accountManagementActions: readonly string[];
  /** The document itself, for the OAuth library. */
  metadata: AuthorizationServer;
}>;

/** The part of an {@link AuthServer} that is stored with a session. */
export type SessionServer = Readonly<{
  homeserver: string;
  issuer: string;
  tokenEndpoint: string;
  revocationEndpoint: string | null;
  accountManagementUri: string | null;
  accountManagementActions: readonly string[];
}>;

/** The part of `server` that a session stores. */
export function toSessionServer(server: AuthServer): SessionServer {
  const { homeserver, issuer, accountManagementActions } = server;
  return {
    homeserver,
    issuer,
    accountManagementActions,
    tokenEndpoint: server.tokenEndpoint.href,
    revocationEndpoint: server.revocationEndpoint?.href ?? null,
    accountManagementUri: server.accountManagementUri?.href ?? null,
  };
}

const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** Format of an action's name in MSC4191 and its drafts; others are dropped. */
const ACTION = /^[a-z][\w.-]{0,99}$/i;

/**
 * Reads an authorization server's metadata. An unusable field is `metadata-invalid`; fields that Keyfob
 * does not use may contain anything.
 *
 * The account management page is not an endpoint: if its URL is not safe to open it is left out, and
 * signing in still works.
 *
 * @param from the homeserver's base URL without trailing slash, and the host that sent `body`
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#server-metadata-discovery Matrix 1.18, server metadata discovery}
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-2 RFC 8414 §2}
 */
export function readServerMetadata(
  from: Readonly<{ homeserver: string; host: string }>,
  body: unknown,
  rules: UrlRules,
): Result<AuthServer, DiscoveryFailure> {
  const blame = (field: string): DiscoveryFailure => ({
    code: 'metadata-invalid',
    host: from.host,
    field,
  });
  return readFields(blame, body, (fields) => {
    const issuer = fields.text('issuer');
    if (!isIssuer(issuer, rules)) return err(blame('issuer'));
    const tokenEndpoint = fields.httpsUrl('token_endpoint', rules);
    const registrationEndpoint = fields.httpsUrl('registration_endpoint', rules);
    const revocationEndpoint = fields.optionalUrl('revocation_endpoint', rules);
    const device = fields.optionalUrl('device_authorization_endpoint', rules);
    const grants = fields.optionalTexts('grant_types_supported');
    const account = readAccountPage(fields, rules);
    if (device === null || grants?.includes(DEVICE_CODE_GRANT) === false) {
      return err({ code: 'device-grant-unsupported', issuer });
    }
    const endpoints = { registrationEndpoint, tokenEndpoint, revocationEndpoint };
    const server = { ...endpoints, deviceAuthorizationEndpoint: device, issuer };
    const { homeserver } = from;
    return ok({ homeserver, ...server, ...account, metadata: metadataFor(server) });
  });
}

/**
 * Whether a text can be an issuer: an https URL without query and fragment.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-2 RFC 8414 §2}
 */
export function isIssuer(text: string, rules: UrlRules): boolean {
  return !text.includes('?') && endpointUrl(text, rules) !== null;
}

/**
 * The account management page and its actions, by the stable names or else the drafts'.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#account-management Matrix 1.18, account management}
 */
function readAccountPage(
  fields: Fields,
  rules: UrlRules,
): Pick<AuthServer, 'accountManagementUri' | 'accountManagementActions'> {
  const uri =
    fields.optionalText('account_management_uri') ??
    fields.optionalText('org.matrix.msc4191.account_management_uri');
  const actions =
    fields.optionalTexts('account_management_actions_supported') ??
    fields.optionalTexts('org.matrix.msc4191.account_management_actions_supported') ??
    [];
  return {
    accountManagementUri: uri === null ? null : safeLink(uri, rules),
    accountManagementActions: actions.filter((action) => ACTION.test(action)),
  };
}

/** Only checked fields, so that the OAuth library never uses one that was not checked here. */
function metadataFor(
  server: Pick<
    AuthServer,
    | 'issuer'
    | 'tokenEndpoint'
    | 'registrationEndpoint'
    | 'deviceAuthorizationEndpoint'
    | 'revocationEndpoint'
  >,
): AuthorizationServer {
  const { revocationEndpoint } = server;
  return {
    issuer: server.issuer,
    token_endpoint: server.tokenEndpoint.href,
    registration_endpoint: server.registrationEndpoint.href,
    device_authorization_endpoint: server.deviceAuthorizationEndpoint.href,
    ...(revocationEndpoint === null ? {} : { revocation_endpoint: revocationEndpoint.href }),
  };
}
