import { oidcPaths } from './oidc-provider-library.ts';
import type { Wire } from './oidc-provider-wire.ts';
import type { HttpResponse } from '../personality.ts';

type Page = Readonly<{ url: URL; answer: HttpResponse }>;
type Fields = Readonly<Record<string, string>>;

/** More redirects than any of the forms needs. */
const maxHops = 5;

/**
 * Goes through the forms like a user with a browser: types the code, confirms it, chooses a user,
 * consents. So nothing here depends on how the library records a decision.
 */
export async function approveByForms(
  wire: Wire,
  base: string,
  userCode: string,
  localpart: string,
): Promise<void> {
  const browser = new Browser(wire, base);
  const question = await browser.submit(await confirmPage(browser, userCode), {});
  await browser.submit(question, { user: localpart, action: 'consent' });
}

/** The same, but declines at the first question. */
export async function denyByForms(wire: Wire, base: string, userCode: string): Promise<void> {
  const browser = new Browser(wire, base);
  await browser.submit(await confirmPage(browser, userCode), { abort: 'yes' });
}

async function confirmPage(browser: Browser, userCode: string): Promise<Page> {
  const codeForm = await browser.open(oidcPaths.device);
  return browser.submit(codeForm, { user_code: userCode });
}

/** Follows redirects, keeps cookies, and submits the only form of a page. */
export class Browser {
  readonly #wire: Wire;
  readonly #base: string;
  readonly #cookies = new Map<string, string>();

  constructor(wire: Wire, base: string) {
    this.#wire = wire;
    this.#base = base;
  }

  /** @param path below the public base */
  open(path: string): Promise<Page> {
    return this.#go(new URL(`${this.#base}${path}`), null);
  }

  /** Submits the form of a page: its hidden fields, and those that the user fills in. */
  submit({ url, answer }: Page, fields: Fields): Promise<Page> {
    const action = /<form\b[^>]*\baction="([^"]*)"/.exec(answer.body)?.[1] ?? '';
    const hidden = answer.body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
    const form = new URLSearchParams();
    for (const [, name = '', value = ''] of hidden) form.set(name, value);
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return this.#go(new URL(action, url), form);
  }

  async #go(from: URL, form: URLSearchParams | null): Promise<Page> {
    let answer = await this.#send(from, form);
    let url = from;
    for (let hop = 0; hop < maxHops; hop++) {
      const { location } = answer.headers;
      if (answer.status !== 303 || typeof location !== 'string') break;
      url = new URL(location, url);
      answer = await this.#send(url, null);
    }
    if (answer.status !== 200) throw new Error(`${url.pathname}: status ${answer.status}`);
    return { url, answer };
  }

  async #send(url: URL, form: URLSearchParams | null): Promise<HttpResponse> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.#wire({
      method: form === null ? 'GET' : 'POST',
      url,
      headers: {
        accept: 'text/html',
        cookie,
        ...(form === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body: form === null ? '' : form.toString(),
      remoteAddress: '127.0.0.1',
    });
    this.#keepCookies(answer);
    return answer;
  }

  /** By name alone: this browser is used for one decision, on one server. */
  #keepCookies({ headers }: HttpResponse): void {
    for (const line of [headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}
