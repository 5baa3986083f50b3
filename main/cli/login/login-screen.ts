import { hostOf } from '../../../common/urls.ts';
import { localMoment } from '../../../common/account-text.ts';
import { codePanel, qrPanel } from './code-panel.ts';
import type { LineOf, LoginLine } from './login-line.ts';
import type { LoginView } from './login-run.ts';
import { confirmText, linkOf, pollText, signedInText, waitText } from './login-text.ts';
import { openableLink } from './open-link.ts';
import type { Looks } from '../terminal/looks.ts';
import { looksOf, paint } from '../terminal/looks.ts';
import { shown } from '../terminal/shown.ts';
import { cutTo } from '../terminal/text-width.ts';
import type { Io } from '../io.ts';

/** The part of the request that the screen shows. */
export type ScreenRequest = Readonly<{ server: string; mayOpen: boolean }>;

const CTRL_C = '\u0003';
const BACK_TO_START = '\r\u001b[2K';

/**
 * An interactive sign-in in a terminal. Completed steps stay as lines; only the last line is redrawn, so nothing
 * breaks when the window is resized or scrolls. Without control sequences nothing is redrawn: a line
 * is printed when its text changes, and there is no countdown.
 */
export class LoginScreen implements LoginView {
  readonly #io: Io;
  readonly #request: ScreenRequest;
  readonly #looks: Looks;
  readonly #undo: (() => void)[];
  #live: () => string;
  #drawn = '';
  #onKey: (key: string) => void = () => undefined;
  #code: LineOf<'code'> | null = null;

  /** `stop` is called on Ctrl-C: a terminal in raw mode sends no SIGINT. */
  constructor(io: Io, request: ScreenRequest, stop: () => void) {
    this.#io = io;
    this.#request = request;
    this.#looks = looksOf(io);
    this.#undo = [
      io.terminal.onKey((key) => {
        if (key === CTRL_C) stop();
        else this.#onKey(key);
      }),
      io.terminal.every(1_000, () => this.#draw()),
    ];
    this.#live = () => `Finding the homeserver of ${shown(request.server)}`;
    this.#draw();
  }

  show(line: LoginLine): void {
    switch (line.step) {
      case 'discovered':
        this.#reached('Homeserver', shown(line.homeserver));
        this.#live = () => `Registering with ${shown(hostOf(line.issuer))}`;
        break;
      case 'registered':
        this.#reached('Registered', `as ${shown(line.client_id)}`);
        this.#live = () => 'Requesting a code';
        break;
      case 'code':
        this.#showCode(line);
        break;
      case 'waiting':
        this.#showWait(line);
        break;
      case 'verifying':
        this.#showVerifying(line);
        break;
      case 'signed_in':
        this.#showSignedIn(line);
        break;
      default:
        break;
    }
    this.#draw();
  }

  confirm(line: LineOf<'confirm'>): Promise<boolean> {
    this.#print(`  ${paint('yellow', confirmText(line), this.#looks)}`);
    return this.#ask('Keep this session? [y/N]', (key) => /^y$/i.test(key));
  }

  again(): Promise<boolean> {
    this.#print(`  ${paint('yellow', 'The code has expired.', this.#looks)}`);
    return this.#ask('Press Enter for a new code, any other key to stop.', (key) =>
      /^[\rn]/i.test(key),
    );
  }

  close(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#live = () => '';
    this.#draw();
  }

  #showCode(line: LineOf<'code'>): void {
    this.#code = line;
    const until = localMoment(Date.parse(line.expires_at), this.#io.now());
    this.#reached('Code', `expires at ${until}`);
    const size = this.#io.terminal.size();
    const link = this.#openable(line);
    const frame = { ...size, looks: this.#looks, canOpen: link !== null };
    const panel = codePanel(line, frame);
    for (const text of panel.lines) this.#print(text);
    this.#onKey = (key) => {
      if (key.startsWith('\r') && link !== null) this.#open(link);
      if (/^q$/i.test(key) && panel.qrLeftOut) {
        for (const text of qrPanel(line, this.#looks)) this.#print(text);
      }
      this.#draw();
    };
  }

  #showWait(line: LineOf<'waiting'>): void {
    const expiresAt = this.#code === null ? 0 : Date.parse(this.#code.expires_at);
    const nextAt = Date.parse(line.next_poll_at);
    this.#live = () =>
      this.#looks.ansi
        ? waitText(line.state, expiresAt, nextAt, this.#io.now())
        : pollText(line.state);
  }

  #showVerifying({ notice }: LineOf<'verifying'>): void {
    if (this.#code !== null) this.#reached('Approved', '');
    this.#code = null;
    this.#onKey = () => undefined;
    const text = notice === null ? 'Checking who signed in' : shown(notice.message);
    this.#live = () => text;
  }

  #showSignedIn(line: LineOf<'signed_in'>): void {
    if (this.#code !== null) this.#reached('Approved', '');
    this.#live = () => '';
    this.#reached(signedInText(line), '');
    for (const { message, hint } of line.notices) {
      this.#print(`  ${paint('yellow', `${shown(message)} ${shown(hint)}`, this.#looks)}`);
    }
    this.#print('');
    this.#print(`  Get a token with: keyfob token ${shown(line.label)}`);
  }

  #openable(line: LineOf<'code'>): string | null {
    return this.#request.mayOpen ? openableLink(linkOf(line), this.#request.server) : null;
  }

  #open(link: string): void {
    void this.#io.terminal.openLink(link).then((opened) => {
      const text = opened
        ? 'Asked your system to open the link.'
        : "Couldn't start a browser. Open the link yourself.";
      this.#print(`  ${paint(opened ? 'dim' : 'yellow', text, this.#looks)}`);
      this.#draw();
    });
  }

  #ask(question: string, read: (key: string) => boolean): Promise<boolean> {
    this.#live = () => question;
    this.#draw();
    return new Promise((resolve) => {
      this.#onKey = (key) => {
        this.#onKey = () => undefined;
        this.#live = () => '';
        resolve(read(key));
      };
    });
  }

  #reached(what: string, detail: string): void {
    const mark = this.#looks.unicode ? '✓' : '*';
    const name = detail === '' ? what : what.padEnd(11);
    this.#print(`  ${paint('green', mark, this.#looks)} ${name} ${detail}`.trimEnd());
  }

  /** Prints a permanent line above the one that is redrawn. */
  #print(text: string): void {
    if (!this.#looks.ansi) {
      this.#io.err(`${text}\n`);
      return;
    }
    this.#io.err(`${BACK_TO_START}${text}\n`);
    this.#drawn = '';
  }

  #draw(): void {
    const { columns } = this.#io.terminal.size();
    const text = this.#live();
    const mark = this.#looks.unicode ? '…' : '.';
    const whole = text === '' ? '' : `  ${mark} ${text}`;
    const line = this.#looks.ansi ? cutTo(whole, columns - 1, mark) : whole;
    if (line === this.#drawn) return;
    this.#drawn = line;
    if (this.#looks.ansi) this.#io.err(`${BACK_TO_START}${line}`);
    else if (line !== '') this.#io.err(`${line}\n`);
  }
}
