import { hostOf } from '../../../common/urls.ts';
import { localMoment } from '../../../common/account-text.ts';
import type { LineOf, LoginLine } from './login-line.ts';
import type { LoginView } from './login-run.ts';
import { AGAINST_PHISHING, confirmText, linkOf, pollText, signedInText } from './login-text.ts';
import { shown } from '../terminal/shown.ts';
import type { Io } from '../io.ts';

/** A sign-in without a terminal: plain lines on stderr, no redrawing, no prompts. */
export function plainView(io: Io): LoginView {
  let wait = '';
  const say = (text: string): void => io.err(`${text}\n`);
  const show = (line: LoginLine): void => {
    if (line.step === 'waiting') {
      if (line.state !== wait) say(`${pollText(line.state)}.`);
      wait = line.state;
      return;
    }
    for (const text of textsOf(line, io.now())) say(text);
  };
  return {
    show,
    confirm: () => {
      say('There is no terminal to ask in, so Keyfob ends this session.');
      return Promise.resolve(false);
    },
    again: () => Promise.resolve(false),
    close: () => undefined,
  };
}

function textsOf(line: LoginLine, now: number): readonly string[] {
  switch (line.step) {
    case 'discovered':
      return [`Homeserver: ${shown(line.homeserver)}`, `Signing in at: ${shown(line.issuer)}`];
    case 'code':
      return codeTexts(line, now);
    case 'verifying':
      return [line.notice === null ? 'Approved.' : shown(line.notice.message)];
    case 'confirm':
      return [confirmText(line)];
    case 'signed_in':
      return [`${signedInText(line)}.`, ...line.notices.map(({ message }) => shown(message))];
    default:
      return [];
  }
}

function codeTexts(line: LineOf<'code'>, now: number): readonly string[] {
  const link = linkOf(line);
  const hasCode = line.verification_uri_complete !== null;
  return [
    `Code: ${shown(line.user_code)}`,
    `Link: ${shown(link)}`,
    `Open the link on ${shown(hostOf(link))}${hasCode ? '' : ', enter the code'} and approve. ${AGAINST_PHISHING}`,
    `The code expires at ${localMoment(Date.parse(line.expires_at), now)}.`,
  ];
}
