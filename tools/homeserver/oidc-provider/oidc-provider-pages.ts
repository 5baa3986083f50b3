import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { html } from '../responses.ts';
import { deviceName } from '../auth/device-name.ts';
import { pageStyle } from '../auth/page-style.ts';
import { codePage, consentPage, escapeHtml, resultPage } from '../auth/pages.ts';
import type { HttpResponse, ServerContext } from '../personality.ts';

type DevicePages = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>;

/** What the user is shown about a code. */
export type AskedAbout = Readonly<{
  clientName: string;
  clientUri: string | null;
  userCode: string;
  device: DeviceInfo;
}>;

/** The client that requested a code. */
export type DeviceInfo = Readonly<{ ip: string; ua: string }>;

/** The errors about a code, by the library's names. */
const problems: Readonly<Record<string, string>> = {
  NoCodeError: 'Type the code first.',
  NotFoundError: 'This code is not known. It may have run out: ask your device for a new one.',
  ExpiredError: 'This code has run out: ask your device for a new one.',
  AlreadyUsedError: 'This code has been used already.',
};

/** The pages around a code. The library makes their forms, and checks what is submitted. */
export function devicePages({ serverName: server }: ServerContext): DevicePages {
  return {
    deviceInfo: (ctx) => ({ ip: ctx.ip, ua: ctx.get('user-agent') }),
    userCodeInputSource: (ctx, form, _out, error) => {
      if (error?.name === 'AbortedError') {
        render(ctx, html(200, resultPage({ server, outcome: 'declined' })));
      } else {
        // Without an error the status is Koa's default for a page that isn't rendered yet.
        const status = error === undefined ? 200 : ctx.status;
        render(ctx, html(status, codeForm(server, form, error)));
      }
    },
    userCodeConfirmSource: (ctx, form, _client, _device, userCode) => {
      render(ctx, html(200, confirmPage(server, form, userCode)));
    },
    successSource: async (ctx) => {
      render(ctx, html(200, resultPage({ server, outcome: 'approved' })));
      // The next code may belong to another user, so the previous one isn't remembered.
      await ctx.oidc.session?.destroy();
    },
  };
}

/** The page that asks who the user is, and whether they consent. */
export function personPage(context: ServerContext, about: AskedAbout): HttpResponse {
  const page = consentPage({
    server: context.serverName,
    clientName: about.clientName,
    clientUri: about.clientUri,
    device: deviceName(about.device.ua),
    ipAddress: about.device.ip,
    userCode: hyphenated(about.userCode),
    users: context.users,
    wantsConfirmation: false,
  });
  return html(200, page);
}

/** The library's error as a page. */
export function errorPage(ctx: KoaContextWithOIDC, context: ServerContext, why: string): void {
  const page = resultPage({ server: context.serverName, outcome: 'failed', why });
  render(ctx, html(ctx.status, page));
}

/** Sends a response through the library's context. */
export function render(
  ctx: Pick<KoaContextWithOIDC, 'status' | 'body' | 'set'>,
  answer: HttpResponse,
): void {
  ctx.status = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) {
    ctx.set(name, typeof value === 'string' ? value : [...value]);
  }
  ctx.body = answer.body;
}

function codeForm(server: string, form: string, error: Error | undefined): string {
  const action = /action="([^"]*)"/.exec(form)?.[1] ?? '';
  const hidden = /<input type="hidden"[^>]*>/.exec(form)?.[0] ?? '';
  const problem =
    error === undefined ? null : (problems[error.name] ?? 'The server encountered an error.');
  const fields = { parameter: 'user_code', codeLength: 9, typed: '', problem };
  return codePage({ server, action, ...fields }).replace('</form>', () => `${hidden}</form>`);
}

function confirmPage(server: string, form: string, userCode: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Confirm the code · ${escapeHtml(server)}</title>
  <style>${pageStyle}</style>
</head>
<body>
  <header><span class="dot" aria-hidden="true"></span>${escapeHtml(server)}</header>
  <main>
    <h1>Is this the code that your device shows?</h1>
    <dl><div class="security"><dt>Code</dt><dd class="code">${escapeHtml(userCode)}</dd></div></dl>
    <p class="hint">If you did not start this yourself, decline.</p>
    ${form}
    <div class="acts">
      <button class="primary" type="submit" form="op.deviceConfirmForm">Continue</button>
      <button type="submit" form="op.deviceConfirmForm" name="abort" value="yes">Decline</button>
    </div>
  </main>
</body>
</html>
`;
}

/** As the library shows it; it stores codes without the hyphen. */
function hyphenated(userCode: string): string {
  return `${userCode.slice(0, 4)}-${userCode.slice(4)}`;
}
