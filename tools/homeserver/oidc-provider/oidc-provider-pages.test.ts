import { describe, expect, test } from 'vitest';
import type { TestHomeserver } from '../homeserver.ts';
import { Browser } from './oidc-provider-person.ts';
import { askingClient, oauthError, startOidc, textsOf } from './oidc-provider-plain-client.ts';
import type { HttpResponse } from '../personality.ts';

describe('createOidcProvider(), in a browser', () => {
  test('createOidcProvider() asks each time who the user is, in the same browser', async () => {
    const homeserver = await startOidc();
    const browser = browserFor(homeserver);
    const whoWasIt: unknown[] = [];
    for (const user of ['alice', 'bob']) {
      const client = await askingClient(homeserver);
      const codeForm = await browser.open('/link');
      const confirm = await browser.submit(codeForm, { user_code: client.userCode });
      const consent = await browser.submit(confirm, {});
      const done = await browser.submit(consent, { user, action: 'consent' });
      const { access_token: access = '' } = textsOf(await client.poll());
      const { user_id: userId } = textsOf(await client.whoami(access));
      whoWasIt.push([headingOf(confirm), headingOf(consent), headingOf(done), userId]);
    }
    const confirm = 'Is this the code that your device shows?';
    const consent = 'Allow A client to use your account?';
    expect(whoWasIt).toEqual([
      [confirm, consent, 'Device linked', '@alice:example.org'],
      [confirm, consent, 'Device linked', '@bob:example.org'],
    ]);
  });

  test('createOidcProvider() takes the code from the complete link, and lets the user decline on the last page', async () => {
    const homeserver = await startOidc();
    const client = await askingClient(homeserver);
    const browser = browserFor(homeserver);
    const link = await browser.open(`/link?code=${client.userCode}`);
    const consent = await browser.submit(await browser.submit(link, {}), {});
    const declined = await browser.submit(consent, { action: 'reject' });
    const poll = await client.poll();
    expect({ heading: headingOf(declined), poll }).toEqual({
      heading: 'Declined',
      poll: oauthError('access_denied'),
    });
  });

  test('createOidcProvider() shows why a code is rejected', async () => {
    const browser = browserFor(await startOidc());
    const codeForm = await browser.open('/oidc/device');
    const again = await browser.submit(codeForm, { user_code: 'BCDF-GHJK' });
    expect(/role="alert">([^<]*)/.exec(again.answer.body)?.[1]).toBe(
      'This code is not known. It may have run out: ask your device for a new one.',
    );
  });
});

/** The same browser, over the network. */
function browserFor({ baseUrl }: TestHomeserver): Browser {
  return new Browser(async ({ method, url, headers, body }): Promise<HttpResponse> => {
    const { accept = '', cookie = '' } = headers;
    const init = method === 'POST' ? { method, body: new URLSearchParams(body) } : { method };
    const response = await fetch(url, { ...init, headers: { accept, cookie }, redirect: 'manual' });
    const location = response.headers.get('location');
    return {
      status: response.status,
      headers: {
        'set-cookie': response.headers.getSetCookie(),
        ...(location === null ? {} : { location }),
      },
      body: await response.text(),
    };
  }, baseUrl);
}

function headingOf({ answer }: Readonly<{ answer: HttpResponse }>): string {
  const heading = /<h1>(.*?)<\/h1>/s.exec(answer.body)?.[1] ?? '';
  return heading.replace(/<[^>]*>/g, '');
}
