import type { IncomingMessage } from 'node:http';
import type { Interaction, Provider } from 'oidc-provider';
import { empty, html } from '../responses.ts';
import { matrixScopes, oidcPaths } from './oidc-provider-library.ts';
import { personPage, render } from './oidc-provider-pages.ts';
import type { DeviceInfo } from './oidc-provider-pages.ts';
import type { OidcStore } from './oidc-provider-store.ts';
import { resultPage } from '../auth/pages.ts';
import type { HttpResponse, ServerContext } from '../personality.ts';

/** The library's own scopes, as far as it knows any. */
const ownScopes: readonly string[] = ['openid', 'offline_access'];

/** The one page that the library leaves to its host: who the user is, and whether they consent. */
export function serveConsent(provider: Provider, context: ServerContext, store: OidcStore): void {
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith(oidcPaths.person)) {
      await next();
      return;
    }
    // Throws, and Koa answers 400, if the interaction's cookie is missing.
    const interaction = await provider.interactionDetails(ctx.req, ctx.res);
    if (ctx.method !== 'POST') {
      render(ctx, await question(provider, context, store, interaction));
      return;
    }
    const form = new URLSearchParams(await readBody(ctx.req));
    const result = await decision(provider, context, interaction, form);
    if (result === null) {
      const why = 'No user was chosen.';
      render(ctx, html(400, resultPage({ server: context.serverName, outcome: 'failed', why })));
      return;
    }
    const location = await provider.interactionResult(ctx.req, ctx.res, result);
    render(ctx, empty(303, { location }));
  });
}

async function question(
  provider: Provider,
  context: ServerContext,
  store: OidcStore,
  interaction: Interaction,
): Promise<HttpResponse> {
  const client = await provider.Client.find(clientOf(interaction));
  const code = store.living('DeviceCode', interaction.deviceCode ?? '')?.payload;
  return personPage(context, {
    clientName: client?.clientName ?? clientOf(interaction),
    clientUri: client?.clientUri ?? null,
    userCode: code?.userCode ?? '',
    device: deviceInfo(code?.deviceInfo),
  });
}

/** The result for the library; null: the form names no user. */
async function decision(
  provider: Provider,
  context: ServerContext,
  interaction: Interaction,
  form: URLSearchParams,
): Promise<Parameters<Provider['interactionResult']>[2] | null> {
  if (form.get('action') === 'reject') {
    return { error: 'access_denied', error_description: 'The person declined' };
  }
  const accountId = form.get('user') ?? '';
  if (!context.users.includes(accountId)) return null;
  const grant = new provider.Grant({ accountId, clientId: clientOf(interaction) });
  const asked = textOf(interaction.params.scope);
  grant.addOIDCScope(
    asked
      .split(' ')
      .filter((scope) => ownScopes.includes(scope))
      .join(' '),
  );
  grant.addResourceScope(context.base, matrixScopes(asked));
  return { login: { accountId }, consent: { grantId: await grant.save() } };
}

function clientOf({ params }: Interaction): string {
  return textOf(params.client_id);
}

function deviceInfo(info: Readonly<Record<string, unknown>> = {}): DeviceInfo {
  return { ip: textOf(info.ip), ua: textOf(info.ua) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

async function readBody(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
