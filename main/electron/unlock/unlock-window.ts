import { app, BrowserWindow } from 'electron';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { UnlockAnswer, UnlockPage } from '../../desktop/unlock/unlock-page.ts';
import {
  UNLOCK_ADDRESS,
  UNLOCK_HEADERS,
  unlockHtml,
  readUnlockAnswer,
  workingHtml,
} from '../../desktop/unlock/unlock-html.ts';
import { files } from '../paths.ts';
import { SAFE_PREFERENCES } from '../window/window.ts';

type Question = Readonly<{ page: UnlockPage; key: string; answer: (answer: UnlockAnswer) => void }>;

/** The window shown until the vault is open. It has no preload and runs no script. */
export class UnlockWindow {
  #window: BrowserWindow | null = null;
  #question: Question | null = null;

  /** Shows `page` and waits for the person's answer; closing the window answers `quit`. */
  ask(page: UnlockPage): Promise<UnlockAnswer> {
    return new Promise((resolve) => {
      const answer = (given: UnlockAnswer): void => {
        this.#question = null;
        resolve(given);
      };
      this.#question = { page, key: randomBytes(16).toString('hex'), answer };
      this.#window ??= this.#open();
      // Rejects only when a later load replaces it, or the person closes the window.
      this.#window.loadURL(UNLOCK_ADDRESS).catch(() => undefined);
      this.#window.show();
    });
  }

  /** Serves the page, and receives its form. */
  async respond(request: Request): Promise<Response> {
    const question = this.#question;
    if (question === null) return html(workingHtml());
    if (request.method !== 'POST') return html(unlockHtml(question.page, question.key));
    const answer = readUnlockAnswer(await request.text(), question.key);
    if (answer === null) return html(unlockHtml(question.page, question.key));
    // Resolves after this response is on its way, so that the next page can't overtake it.
    setImmediate(() => question.answer(answer));
    return html(workingHtml());
  }

  /** Brings it to the front, if it is there. False: it is not. */
  show(): boolean {
    this.#window?.show();
    return this.#window !== null;
  }

  end(): void {
    this.#window?.destroy();
    this.#window = null;
  }

  #open(): BrowserWindow {
    // There is no tray yet: without a Dock icon, a window behind others would be out of reach.
    if (process.platform === 'darwin') app.setActivationPolicy('regular');
    const window = new BrowserWindow({
      width: 460,
      height: 560,
      show: false,
      title: 'Keyfob',
      autoHideMenuBar: true,
      icon: join(files.icons, 'window.png'),
      webPreferences: SAFE_PREFERENCES,
    });
    window.on('closed', () => {
      this.#window = null;
      if (process.platform === 'darwin') app.setActivationPolicy('accessory');
      this.#question?.answer({ do: 'quit' });
    });
    return window;
  }
}

function html(body: string): Response {
  return new Response(body, { headers: UNLOCK_HEADERS });
}
