import type { DeviceName } from './device-name.ts';
import { pageStyle } from './page-style.ts';

/** The contents of the page that asks for the code. */
export type CodeForm = Readonly<{
  server: string;
  /** The form's action URL. */
  action: string;
  parameter: string;
  codeLength: number;
  /** What was typed before. */
  typed: string;
  /** Why that was rejected; null: nothing was typed yet. */
  problem: string | null;
}>;

/** The contents of the consent page. */
export type Consent = Readonly<{
  server: string;
  clientName: string;
  clientUri: string | null;
  device: DeviceName;
  ipAddress: string;
  userCode: string;
  /** Localparts to choose from. */
  users: readonly string[];
  wantsConfirmation: boolean;
}>;

/** The outcome. `why` is shown for failures and refusals. */
export type Result = Readonly<
  | { server: string; outcome: 'approved' | 'declined' | 'expired' }
  | { server: string; outcome: 'refused' | 'failed'; why: string }
>;

/** Escapes text for HTML, including double-quoted attributes. */
export function escapeHtml(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** The page that asks for the code. */
export function codePage(form: CodeForm): string {
  const problem =
    form.problem === null
      ? ''
      : `<p class="problem" id="problem" role="alert">${escapeHtml(form.problem)}</p>`;
  const described = form.problem === null ? 'hint' : 'problem hint';
  return page(
    form.server,
    'Link a device',
    `<h1>Link a device</h1>
    <p class="lead">Enter the code that the device you are signing in shows you.</p>
    ${problem}
    <form method="post" action="${escapeHtml(form.action)}">
      <label for="code">Code</label>
      <input class="code" id="code" name="${escapeHtml(form.parameter)}" type="text" required autofocus
        autocomplete="one-time-code" autocapitalize="characters" spellcheck="false"
        maxlength="${form.codeLength}" value="${escapeHtml(form.typed)}"
        aria-describedby="${described}"${form.problem === null ? '' : ' aria-invalid="true"'}>
      <p class="hint" id="hint">Type it only if you started this yourself, on a device of your own.</p>
      <div class="acts"><button class="primary" type="submit">Continue</button></div>
    </form>`,
  );
}

/** The consent page. */
export function consentPage(consent: Consent): string {
  const name = escapeHtml(consent.clientName);
  return page(
    consent.server,
    `Allow ${consent.clientName}?`,
    `<h1>Allow <span class="client">${name}</span> to use your account?</h1>
    ${consent.clientUri === null ? '' : `<p class="lead">${escapeHtml(consent.clientUri)}</p>`}
    <dl>
      <div class="security"><dt>Code</dt><dd class="code">${escapeHtml(consent.userCode)}</dd></div>
      <div><dt>Device</dt><dd>${escapeHtml(consent.device.device)}</dd></div>
      ${consent.device.program === null ? '' : `<div><dt>Program</dt><dd>${escapeHtml(consent.device.program)}</dd></div>`}
      <div><dt>IP address</dt><dd>${escapeHtml(consent.ipAddress)}</dd></div>
    </dl>
    <p class="hint">The code here and the code on the device must be the same.</p>
    <form method="post">
      <fieldset><legend>Sign in as</legend>${people(consent)}</fieldset>
      ${consent.wantsConfirmation ? confirmation : ''}
      <div class="acts">
        <button class="primary" type="submit" name="action" value="consent">Approve</button>
        <button type="submit" name="action" value="reject" formnovalidate>Decline</button>
      </div>
    </form>`,
  );
}

const confirmation = `<label class="tick"><input type="checkbox" name="confirm_device" required>
        <span>I started this sign-in myself, and both codes are the same.</span></label>`;

function people({ users, server }: Consent): string {
  const one = (localpart: string, index: number) =>
    `<label class="person"><input type="radio" name="user" value="${escapeHtml(localpart)}"${index === 0 ? ' checked' : ''}>
        <span class="face" aria-hidden="true">${escapeHtml(localpart.slice(0, 1).toUpperCase())}</span>
        <span>@${escapeHtml(localpart)}<span class="quiet">:${escapeHtml(server)}</span></span></label>`;
  return users.map(one).join('\n');
}

const endings = {
  approved: {
    mark: '✓',
    title: 'Device linked',
    text: 'The device continues on its own. You can close this page.',
  },
  declined: {
    mark: '✕',
    title: 'Declined',
    text: 'No sign-in took place. You can close this page.',
  },
  expired: {
    mark: '⏱',
    title: 'This code has run out',
    text: 'Grant is expired. Ask your device for a new code.',
  },
  refused: {
    mark: '!',
    title: 'Policy violation',
    text: 'This server does not allow what the device asks for.',
  },
  failed: {
    mark: '!',
    title: 'That did not work',
    text: 'Go back and submit the form unchanged.',
  },
} as const;

/** The page that shows the outcome. */
export function resultPage(result: Result): string {
  const { mark, title, text } = endings[result.outcome];
  const why = 'why' in result ? `<p class="hint">${escapeHtml(result.why)}</p>` : '';
  return page(
    result.server,
    title,
    `<div class="mark ${result.outcome}" aria-hidden="true">${mark}</div>
    <h1>${title}</h1><p class="lead">${text}</p>${why}`,
  );
}

function page(server: string, title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${escapeHtml(title)} · ${escapeHtml(server)}</title>
  <style>${pageStyle}</style>
</head>
<body>
  <header><span class="dot" aria-hidden="true"></span>${escapeHtml(server)}</header>
  <main>${main}</main>
  <footer>A homeserver for tests. It has no real users, and forgets everything when it stops.</footer>
</body>
</html>
`;
}
