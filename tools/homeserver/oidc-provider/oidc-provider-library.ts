import type * as OidcProvider from 'oidc-provider';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { randomText, alphabets } from '../chance.ts';
import { devicePages, errorPage } from './oidc-provider-pages.ts';
import type { OidcStore } from './oidc-provider-store.ts';
import type { ServerContext } from '../personality.ts';
import { readScope } from '../auth/scopes.ts';

/** The base path of `oidc-provider`. */
export const oidcPaths = {
  root: '/oidc/',
  person: '/oidc/person/',
  authorization: '/oidc/auth',
  registration: '/oidc/reg',
  /** Not below `device`, which the library uses for pages of its own. */
  deviceAuthorization: '/oidc/device_authorization',
  device: '/oidc/device',
  token: '/oidc/token',
  revocation: '/oidc/token/revocation',
  discovery: '/.well-known/openid-configuration',
} as const;

const day = 24 * 3_600;

/** Lifetimes in seconds: the defaults of `oidc-provider`. */
const usualTtl = {
  AccessToken: 3_600,
  AuthorizationCode: 60,
  DeviceCode: 600,
  Grant: 14 * day,
  IdToken: 3_600,
  Interaction: 3_600,
  RefreshToken: 14 * day,
  Session: 14 * day,
};

/**
 * Makes the provider: the library's own behaviour, except where it asks to be told.
 *
 * A scope that names a device cannot be listed beforehand, and `oidc-provider` drops what it does not
 * know. So the client-server API is a resource of its own (RFC 8707), the one that is meant when
 * none is named, and accepts whichever of Matrix's scopes is requested.
 */
export async function createProvider(context: ServerContext, store: OidcStore): Promise<Provider> {
  const { Provider } = await load();
  const provider = new Provider(context.base, {
    ...ownKeys(),
    adapter: (kind) => store.adapter(kind),
    clientBasedCORS: () => true,
    clockTolerance: 0,
    // A session outlives the browser that approved it.
    expiresWithSession: () => false,
    features: features(context),
    findAccount: (_ctx, sub) =>
      context.users.includes(sub) ? { accountId: sub, claims: () => ({ sub }) } : undefined,
    interactions: { url: (_ctx, { uid }) => `${context.base}${oidcPaths.person}${uid}` },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    // One grant per sign-in: ending one session must not end the others of the same client.
    loadExistingGrant: (ctx) => {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId);
    },
    renderError: (ctx, out) => errorPage(ctx, context, out.error_description ?? out.error),
    responseTypes: ['code'],
    rotateRefreshToken: () =>
      context.refreshTokens === 'rotate' || context.refreshTokens === 'same-access',
    routes: routes(),
    ttl: {
      ...usualTtl,
      AccessToken: wholeSeconds(context.accessTtlMs) ?? usualTtl.AccessToken,
      DeviceCode: wholeSeconds(context.codeTtlMs) ?? usualTtl.DeviceCode,
    },
  });
  provider.proxy = true;
  // The client only sees a plain 500: this shows the cause.
  provider.on('server_error', (_ctx, error) => process.emitWarning(error));
  return provider;
}

/** The requested scopes that the client-server API knows. */
export function matrixScopes(scope: string): string {
  const known = (token: string) => {
    const wish = readScope(token);
    return wish.api || wish.deviceIds.length > 0;
  };
  return scope.split(' ').filter(known).join(' ');
}

/**
 * Loads the library. On an older runtime than it supports it warns but works: the warning is
 * dropped.
 */
async function load(): Promise<typeof OidcProvider> {
  const sink: Console = globalThis.console;
  const warn = sink.warn.bind(sink);
  sink.warn = (...words: unknown[]) => {
    if (!String(words[0]).includes('oidc-provider WARNING: Unsupported runtime.')) warn(...words);
  };
  try {
    return await import('oidc-provider');
  } finally {
    sink.warn = warn;
  }
}

function features(context: ServerContext): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    deviceFlow: { enabled: context.deviceGrant, ...devicePages(context) },
    registration: {
      enabled: true,
      issueRegistrationAccessToken: false,
      idFactory: () => randomText(alphabets.alphanumeric, 21) + context.clientIdSuffix,
    },
    revocation: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => context.base,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx) => ({ scope: matrixScopes(scopeAtIssue(ctx)) }),
    },
  };
}

/** The scope of a request: its own, or that of the token or code it sends. */
function scopeAtIssue({ oidc }: KoaContextWithOIDC): string {
  const asked = oidc.params?.scope;
  if (typeof asked === 'string') return asked;
  return oidc.entities.DeviceCode?.scope ?? oidc.entities.RefreshToken?.scope ?? '';
}

function routes(): Configuration['routes'] {
  const { authorization, device, deviceAuthorization, registration, revocation, token } = oidcPaths;
  return {
    authorization,
    code_verification: device,
    device_authorization: deviceAuthorization,
    end_session: `${oidcPaths.root}session/end`,
    jwks: `${oidcPaths.root}jwks`,
    pushed_authorization_request: `${oidcPaths.root}request`,
    registration,
    revocation,
    token,
    userinfo: `${oidcPaths.root}me`,
  };
}

/** Random keys: for cookies, and for ID tokens, which aren't requested. */
function ownKeys(): Pick<Configuration, 'clientDefaults' | 'cookies' | 'enabledJWA' | 'jwks'> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
  };
}

/** The library counts in whole seconds and doesn't accept 0. */
function wholeSeconds(ms: number | null): number | null {
  return ms === null ? null : Math.max(1, Math.ceil(ms / 1000));
}
