import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { isRecord } from '../auth/forms.ts';
import type { OidcStore } from './oidc-provider-store.ts';
import type { ServerContext, SessionView } from '../personality.ts';
import { readScope } from '../auth/scopes.ts';

type Session = Omit<SessionView, 'alive'> & Readonly<{ grantId: string }>;

/**
 * The sessions of grants, tracked through the library's events; and response options that tests
 * need and the library doesn't have.
 */
export class OidcSessions {
  readonly #byGrant = new Map<string, Session>();
  readonly #context: ServerContext;
  readonly #store: OidcStore;

  constructor(provider: Provider, context: ServerContext, store: OidcStore) {
    this.#context = context;
    this.#store = store;
    provider.on('device_authorization.success', (_ctx, body) => this.#adjustCode(body));
    provider.on('grant.success', (ctx) => this.#afterGrant(ctx));
  }

  /** All sessions, the oldest first. */
  views(): readonly SessionView[] {
    return [...this.#byGrant.values()].map(({ grantId, ...session }) => {
      const refresh = this.#store.living('RefreshToken', session.refreshToken);
      const isSpent = refresh?.payload.consumed !== undefined;
      const alive = refresh !== null && !isSpent && this.#store.living('Grant', grantId) !== null;
      return { ...session, alive };
    });
  }

  /** The library sends no interval, and always a complete link. */
  #adjustCode(body: Record<string, unknown>): void {
    const { intervalS, autoFillUserCode, codeTtlMs } = this.#context;
    if (intervalS !== null) body.interval = intervalS;
    if (autoFillUserCode === false) delete body.verification_uri_complete;
    if (codeTtlMs !== null) body.expires_in = codeTtlMs / 1000;
  }

  #afterGrant({ oidc, body }: KoaContextWithOIDC): void {
    const { AccessToken: access, RefreshToken: refresh } = oidc.entities;
    const { accountId, grantId } = access ?? {};
    if (access === undefined || accountId === undefined || grantId === undefined) return;
    if (!isRecord(body)) return;
    const isRefresh = oidc.params?.grant_type === 'refresh_token';
    const { accessTtlMs, refreshTokens, serverName } = this.#context;
    if (accessTtlMs !== null) body.expires_in = accessTtlMs / 1000;
    if (isRefresh && refreshTokens === 'omit') delete body.refresh_token;
    const keeps = isRefresh && refreshTokens === 'same-access';
    const accessToken = keeps ? this.#keepAccess(grantId, access.jti) : access.jti;
    body.access_token = accessToken;
    this.#byGrant.set(grantId, {
      grantId,
      userId: `@${accountId}:${serverName}`,
      deviceId: readScope(access.scope ?? '').deviceIds[0] ?? '',
      clientId: access.clientId ?? '',
      accessToken,
      refreshToken: refresh?.jti ?? '',
    });
  }

  /** The previous access token, with the expiry of the new one. */
  #keepAccess(grantId: string, fresh: string): string {
    const before = this.#byGrant.get(grantId)?.accessToken;
    if (before === undefined || !this.#store.replaceAccessToken(fresh, before)) return fresh;
    return before;
  }
}
