import { createHash } from 'node:crypto';
import { Secret } from '../../protocol/secret.ts';
import type { UnlockAnswer, UnlockPage } from './unlock-page.ts';
import { headersFor, ORIGIN } from '../window/scheme.ts';

/** The unlock page's address, and its form's target. */
export const UNLOCK_ADDRESS = `${ORIGIN}/unlock`;

const STYLE = `
:root { color-scheme: light dark; font: 93.75%/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 1.6rem; overflow-wrap: anywhere; }
h1 { font-size: 1.33rem; margin: 0 0 0.8rem; }
p { margin: 0 0 0.8rem; }
form { margin: 1.07rem 0 0; }
form + p { margin-top: 1.6rem; }
label { display: block; margin: 0 0 0.67rem; }
input { display: block; box-sizing: border-box; width: 100%; font: inherit; padding: 0.47rem 0.6rem; margin-top: 0.2rem; }
button { font: inherit; padding: 0.47rem 0.93rem; margin: 0.27rem 0.53rem 0.27rem 0; }
.problem { border-inline-start: 4px solid #c3362b; padding-inline-start: 0.67rem; }
:focus-visible { outline: 3px solid light-dark(#4446c6, #a9abff); outline-offset: 2px; }
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** No scripts, and a form that can only be sent to the app itself. */
export const UNLOCK_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "base-uri 'none'",
  `form-action ${UNLOCK_ADDRESS} 'self'`,
  "frame-ancestors 'none'",
].join('; ');

/** The headers of every unlock page. */
export const UNLOCK_HEADERS = headersFor('text/html; charset=utf-8', UNLOCK_POLICY);

/**
 * A page shown until the vault is open: plain HTML without scripts, so that only a form handles the passphrase.
 *
 * @param key sent back with the answer, so that each page is answered once
 */
export function unlockHtml(page: UnlockPage, key: string): string {
  const problem = 'problem' in page ? page.problem : null;
  switch (page.kind) {
    case 'choose':
      return html('Protect your sessions', [
        text(page.message),
        problemText(problem),
        form(key, [
          // The page is read first, so the field only takes the focus when its content is wrong.
          field('passphrase', 'Passphrase', 'new-password', problem, problem !== null),
          field('repeated', 'Confirm passphrase', 'new-password', problem),
          button('passphrase', 'Use this passphrase'),
        ]),
        text('Or store them unprotected. Any program running as you can then read them.'),
        form(key, [
          button('unprotected', 'I understand: store unprotected'),
          button('again', 'Check for a keychain again'),
          button('quit', 'Quit'),
        ]),
      ]);
    case 'passphrase':
      return html('Unlock your sessions', [
        problemText(problem),
        form(key, [
          field('passphrase', 'Passphrase', 'current-password', problem, true),
          button('passphrase', 'Unlock'),
          button('quit', 'Quit'),
        ]),
      ]);
    case 'trouble':
      return html("Keyfob can't open your vault", [
        text(page.message),
        text(page.hint),
        form(key, [...(page.again ? [button('again', 'Try again')] : []), button('quit', 'Quit')]),
      ]);
  }
}

/** Shown while an answer is processed. */
export function workingHtml(): string {
  return html('Opening your vault…', [text('This takes a moment.')]);
}

/** Reads a submitted unlock form; null: it doesn't answer the page with this key. */
export function readUnlockAnswer(body: string, key: string): UnlockAnswer | null {
  const form = new URLSearchParams(body);
  if (form.get('key') !== key) return null;
  const asked = form.get('do');
  switch (asked) {
    case 'passphrase': {
      const passphrase = new Secret(form.get('passphrase') ?? '');
      return { do: asked, passphrase, repeated: new Secret(form.get('repeated') ?? '') };
    }
    case 'unprotected':
    case 'again':
    case 'quit':
      return { do: asked };
    default:
      return null;
  }
}

function html(title: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escape(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escape(title)}</h1>${parts.join('')}</main></body>
</html>`;
}

function form(key: string, parts: readonly string[]): string {
  const hidden = `<input type="hidden" name="key" value="${escape(key)}">`;
  return `<form method="post" action="${UNLOCK_ADDRESS.slice(ORIGIN.length)}">${hidden}${parts.join('')}</form>`;
}

/** @param problem what was wrong with the previous input; null: nothing */
function field(
  name: string,
  label: string,
  autocomplete: string,
  problem: string | null,
  first = false,
): string {
  const wrong = problem === null ? '' : ' aria-invalid="true" aria-describedby="problem"';
  const focus = first ? ' autofocus' : '';
  return `<label>${escape(label)}<input type="password" name="${name}" autocomplete="${autocomplete}"${wrong}${focus}></label>`;
}

function button(does: UnlockAnswer['do'], label: string): string {
  return `<button name="do" value="${does}">${escape(label)}</button>`;
}

function text(words: string): string {
  return `<p>${escape(words)}</p>`;
}

function problemText(problem: string | null): string {
  return problem === null
    ? ''
    : `<p class="problem" id="problem" role="alert">${escape(problem)}</p>`;
}

function escape(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
