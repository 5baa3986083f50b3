import type { Provider } from 'oidc-provider';
import { empty } from '../responses.ts';
import { lockedBearer, refusedBearer } from '../family.ts';
import { isRecord } from '../auth/forms.ts';
import { serveConsent } from './oidc-provider-consent.ts';
import { createProvider, oidcPaths } from './oidc-provider-library.ts';
import { approveByForms, denyByForms } from './oidc-provider-person.ts';
import { OidcSessions } from './oidc-provider-sessions.ts';
import { OidcStore } from './oidc-provider-store.ts';
import { createWire } from './oidc-provider-wire.ts';
import type { Wire } from './oidc-provider-wire.ts';
import type {
  HttpResponse,
  HttpRequest,
  Bearer,
  ServerContext,
  Personality,
} from '../personality.ts';
import { readScope } from '../auth/scopes.ts';

const refused = refusedBearer('Token is not active', false);

/**
 * The certified `oidc-provider` as the authorization server of a homeserver: sign-in against
 * independent OAuth code. It sees plain HTTP requests and knows nothing about the homeserver in
 * front of it.
 */
export async function createOidcProvider(context: ServerContext): Promise<Personality> {
  const store = new OidcStore(context.now, exactLifetimes(context));
  const provider = await createProvider(context, store);
  serveConsent(provider, context, store);
  const sessions = new OidcSessions(provider, context, store);
  const answerOf = provider.callback();
  const wire = createWire(context.base, (request, response) => void answerOf(request, response));
  const metadata = await readMetadata(wire, context.base);
  const decisions = new Decisions(wire, context, store);
  const locked = new Set<string>();
  const { registration, deviceAuthorization, token, revocation } = oidcPaths;
  return {
    name: 'oidc-provider',
    versions: ['v1.15', 'v1.18'],
    endpoints: { registration, deviceAuthorization, token, revocation },
    metadata: () => metadata,
    answer: async (asked) => {
      await decisions.made();
      return answer(wire, context.base, asked);
    },
    bearer: createIntrospection(provider, context, store, locked),
    approve: (userCode, localpart) => decisions.approve(userCode, localpart),
    deny: (userCode) => decisions.deny(userCode),
    lockUser: (localpart, isLocked) => {
      if (isLocked) locked.add(localpart);
      else locked.delete(localpart);
    },
    endSessions: (localpart) => store.endGrantsOf(localpart),
    sessions: () => sessions.views(),
    close: () => decisions.made(),
  };
}

function exactLifetimes({ accessTtlMs, codeTtlMs }: ServerContext): ReadonlyMap<string, number> {
  const wished = [
    ['AccessToken', accessTtlMs],
    ['DeviceCode', codeTtlMs],
  ] as const;
  return new Map(wished.flatMap(([kind, ms]) => (ms === null ? [] : [[kind, ms] as const])));
}

async function readMetadata(wire: Wire, base: string): Promise<Record<string, unknown>> {
  const url = new URL(`${base}${oidcPaths.discovery}`);
  const { body } = await wire({ method: 'GET', url, headers: {}, body: '', remoteAddress: '' });
  const document: unknown = JSON.parse(body);
  if (!isRecord(document)) throw new TypeError('The discovery document is no object');
  return document;
}

function answer(
  wire: Wire,
  base: string,
  asked: HttpRequest,
): Promise<HttpResponse> | HttpResponse | null {
  const { pathname, searchParams } = asked.url;
  if (pathname.startsWith(oidcPaths.root)) return wire(asked);
  if (pathname !== '/link') return null;
  const code = searchParams.get('code') ?? searchParams.get('user_code');
  const query = code === null ? '' : `?${new URLSearchParams({ user_code: code }).toString()}`;
  return empty(303, { location: `${base}${oidcPaths.device}${query}` });
}

/**
 * A decision made by a call: reported at once, carried out through the forms before the next
 * request.
 */
class Decisions {
  readonly #wire: Wire;
  readonly #context: ServerContext;
  readonly #store: OidcStore;
  readonly #inHand = new Set<string>();
  #made: Promise<void> = Promise.resolve();

  constructor(wire: Wire, context: ServerContext, store: OidcStore) {
    this.#wire = wire;
    this.#context = context;
    this.#store = store;
  }

  approve(userCode: string, localpart: string): boolean {
    if (!this.#context.users.includes(localpart)) return false;
    const { base } = this.#context;
    return this.#decide(userCode, () => approveByForms(this.#wire, base, userCode, localpart));
  }

  deny(userCode: string): boolean {
    return this.#decide(userCode, () => denyByForms(this.#wire, this.#context.base, userCode));
  }

  /** Rejects if the forms didn't lead to a decision, which would be a bug. */
  made(): Promise<void> {
    return this.#made;
  }

  #decide(userCode: string, act: () => Promise<void>): boolean {
    const code = userCode.toUpperCase().replace(/\W/g, '');
    if (this.#inHand.has(code) || this.#store.codeState(code) !== 'waiting') return false;
    this.#inHand.add(code);
    this.#made = this.#made.then(act).then(() => {
      this.#inHand.delete(code);
      const state = this.#store.codeState(code);
      if (state !== 'decided') throw new Error(`The code is ${state} after the forms were sent`);
    });
    // Not swallowed: the next request throws it. Until then there is no one to receive it.
    this.#made.catch(() => undefined);
    return true;
  }
}

/** The introspection of an access token by the homeserver, cached for a while. */
function createIntrospection(
  provider: Provider,
  context: ServerContext,
  store: OidcStore,
  locked: ReadonlySet<string>,
): (accessToken: string) => Promise<Bearer> {
  const believed = new Map<string, Readonly<{ bearer: Bearer; untilAt: number }>>();
  return async (accessToken) => {
    const earlier = believed.get(accessToken);
    if (earlier !== undefined && context.now() < earlier.untilAt) return earlier.bearer;
    believed.delete(accessToken);
    const token = await provider.AccessToken.find(accessToken);
    if (token === undefined) return refused;
    const { api, deviceIds } = readScope(token.scope ?? '');
    if (!api) return refused;
    const localpart = token.accountId;
    if (locked.has(localpart)) return lockedBearer();
    const userId = `@${localpart}:${context.serverName}`;
    const bearer: Bearer = { known: true, userId, deviceId: deviceIds[0] ?? '' };
    const endsAt = store.living('AccessToken', accessToken)?.expiresAt ?? context.now();
    const untilAt = Math.min(endsAt, context.now() + context.introspectionCacheMs);
    believed.set(accessToken, { bearer, untilAt });
    return bearer;
  };
}
