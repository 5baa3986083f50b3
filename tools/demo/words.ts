import { codePanel } from '../../main/cli/login/code-panel.ts';
import type { LineOf } from '../../main/cli/login/login-line.ts';
import { waitText } from '../../main/cli/login/login-text.ts';
import type { Looks } from '../../main/cli/terminal/looks.ts';
import { looksOf, paint } from '../../main/cli/terminal/looks.ts';
import { processIo } from '../../main/cli/terminal/process-io.ts';
import { durationText } from '../../common/time.ts';
import type { DemoStep, DemoView } from './steps.ts';

/** One JSON object per step. */
export const jsonDemo: DemoView = {
  show: (step) => void process.stdout.write(`${JSON.stringify(step)}\n`),
  close: () => undefined,
};

/** The steps as text; the last line counts down while Keyfob waits for approval. */
export class WordsDemo implements DemoView {
  readonly #looks: Looks = looksOf(processIo());
  readonly #live = process.stdout.isTTY && this.#looks.ansi;
  #code: LineOf<'code'> | null = null;
  #wait: LineOf<'waiting'> | null = null;
  #timer: NodeJS.Timeout | null = null;

  show(step: DemoStep): void {
    if (step.step === 'waiting') {
      this.#wait = step;
      if (this.#live) this.#countDown();
      return;
    }
    this.#clear();
    for (const line of this.#linesOf(step)) process.stdout.write(`${line}\n`);
    if (step.step === 'code') this.#code = step;
  }

  close(): void {
    this.#clear();
  }

  #linesOf(step: DemoStep): readonly string[] {
    switch (step.step) {
      case 'homeserver':
        return step.personality === null
          ? [`Real homeserver at ${step.url}`]
          : [`Test homeserver at ${step.url}, imitating ${step.personality}`];
      case 'agent':
        return ['The agent opened a vault in a temporary folder and listens on a socket', ''];
      case 'discovered':
        return this.#done(1, 'Discover', `authorization server ${step.issuer}`, 'MSC2965');
      case 'registered':
        return this.#done(2, 'Register', `client ID ${step.client_id}`, 'MSC2966');
      case 'code':
        return this.#showCode(step);
      case 'approved':
        return [this.#dim(`     (a script approved it as ${step.by}; the next poll will notice)`)];
      case 'signed_in': {
        const who = `${step.user_id} on device ${step.device_id}`;
        return this.#done(
          4,
          'Poll',
          `approved: ${who}; session saved before first use`,
          'RFC 8628',
        );
      }
      case 'token':
        return this.#done(
          5,
          'Use',
          `token for ${step.works_for}${lives(step.expires_in_s)}`,
          'MSC2964',
        );
      case 'refreshed':
        return this.#done(
          6,
          'Refresh',
          `new token${lives(step.expires_in_s)}; ${oldToken(step.old_token)}`,
          'MSC2964',
        );
      case 'signed_out':
        return this.#done(7, 'Sign out', proofText(step.proof), 'MSC4254');
      case 'done':
        return ['', this.#paint('green', `Finished in ${step.took_s.toFixed(1)} s.`)];
      case 'failed':
        return ['', this.#paint('red', step.error.message), step.error.hint];
      default:
        return [];
    }
  }

  #showCode(code: LineOf<'code'>): readonly string[] {
    const life = durationText(Date.parse(code.expires_at) - Date.now());
    const done = this.#done(
      3,
      'Request a code',
      `valid for ${life}, polling every ${code.interval_s} s`,
      'RFC 8628',
    );
    // Both are undefined when stdout is not a terminal.
    const columns = process.stdout.columns || 80;
    const rows = process.stdout.rows || 24;
    const panel = codePanel(code, { columns, rows, looks: this.#looks, canOpen: false });
    return [...done, ...panel.lines];
  }

  #done(n: number, name: string, what: string, spec: string): readonly string[] {
    const mark = this.#paint('green', this.#looks.unicode ? '✓' : '*');
    return [` ${mark} ${n}  ${this.#paint('bold', name.padEnd(15))} ${what}  ${this.#dim(spec)}`];
  }

  #countDown(): void {
    this.#timer ??= setInterval(() => this.#draw(), 500);
    this.#draw();
  }

  #draw(): void {
    if (this.#code === null || this.#wait === null) return;
    const expiresAt = Date.parse(this.#code.expires_at);
    const nextAt = Date.parse(this.#wait.next_poll_at);
    const text = waitText(this.#wait.state, expiresAt, nextAt, Date.now());
    process.stdout.write(`\r\u001b[2K   ${text}`);
  }

  #clear(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    process.stdout.write('\r\u001b[2K');
  }

  #dim(text: string): string {
    return this.#paint('dim', text);
  }

  #paint(style: Parameters<typeof paint>[0], text: string): string {
    return paint(style, text, this.#looks);
  }
}

function oldToken(fate: 'refused' | 'accepted'): string {
  return fate === 'refused'
    ? 'the server refuses the old one'
    : 'this server accepts the old one until it expires';
}

function lives(seconds: number | null): string {
  return seconds === null ? '' : `, valid for ${durationText(seconds * 1_000)}`;
}

function proofText(proof: string): string {
  switch (proof) {
    case 'refused':
      return 'revoked; verified that the server refuses the old token';
    case 'pending':
      return 'revoked; the homeserver may accept the old token for two more minutes';
    default:
      return `the server did not confirm the sign-out (${proof})`;
  }
}
