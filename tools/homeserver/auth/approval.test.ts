import { afterEach, expect, test } from 'vitest';

import { Caller, verdict, windableClock } from '../caller.ts';
import { deviceName } from './device-name.ts';
import type { HomeserverOptions } from '../homeserver.ts';

const open: Caller[] = [];

async function start(options: HomeserverOptions = {}) {
  const clock = windableClock();
  const caller = await Caller.start({ now: clock.now, ...options });
  open.push(caller);
  return { caller, clock, login: await caller.startLogin() };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ server }) => server.close()));
});

/** What a browser would show: the status, the heading, and the redirect. */
async function visit(url: string, form?: Record<string, string>) {
  const init = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
  const response = await fetch(url, { redirect: 'manual', ...init });
  const page = await response.text();
  const heading = /<h1>(.*?)<\/h1>/.exec(page)?.[1]?.replaceAll(/<[^>]+>/g, '') ?? '';
  return { status: response.status, heading, page, location: response.headers.get('location') };
}

/** The consent page for a typed code. */
async function enter(caller: Caller, page: string, typed: string): Promise<string> {
  const { location } = await visit(page, { code: typed });
  return new URL(location ?? '/nowhere', caller.server.baseUrl).href;
}

test.each([
  ['mas', (code: string) => code.toLowerCase(), true],
  ['mas', (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`, false],
  ['tuwunel', (code: string) => ` ${code.toLowerCase().replace('-', ' ')}`, true],
  ['continuwuity', (code: string) => code, true],
  ['continuwuity', (code: string) => ` ${code}`, false],
] as const)('%s normalises a typed code in its own way', async (personality, typed, known) => {
  const { caller, login } = await start({ personality });
  const page = login.page;
  const { status, heading } = await visit(page, { code: typed(login.userCode) });
  expect([page.startsWith(caller.server.baseUrl), status, heading]).toEqual(
    known ? [true, 303, ''] : [true, 200, 'Link a device'],
  );
});

test.each([
  ['mas', '403 authorization_pending', '200 ok'],
  ['tuwunel', '400 authorization_pending', '200 ok'],
  ['continuwuity', '400 authorization_pending', '200 ok'],
] as const)('%s lets a user approve on the page', async (personality, before, after) => {
  const { caller, login } = await start({ personality });
  const poll = async () => verdict(await caller.pollFor(login));
  const consent = await enter(caller, `${caller.server.baseUrl}/link`, login.userCode);
  const shown = await visit(consent);
  const verdicts = [await poll()];
  const form = { action: 'consent', user: 'bob', confirm_device: 'on' };
  const result = await visit(consent, form);
  verdicts.push(await poll());
  expect({
    shown: shown.heading,
    namesCode: shown.page.includes(login.userCode),
    escaped: shown.page.includes('Keyfob &lt;b&gt;test&lt;/b&gt;'),
    result: [result.status, result.heading],
    again: (await visit(consent, form)).status,
    verdicts,
    user: caller.server.sessions()[0]?.userId,
  }).toEqual({
    shown: 'Allow Keyfob &lt;b&gt;test&lt;/b&gt; to use your account?',
    namesCode: true,
    escaped: true,
    result: [200, 'Device linked'],
    again: personality === 'mas' ? 200 : 404,
    verdicts: [before, after],
    user: '@bob:example.org',
  });
});

test('the approval page goes straight to consent when the link holds the code', async () => {
  const { login } = await start({ autoFillUserCode: true });
  const { status, location } = await visit(login.completePage ?? '');
  expect([status, location]).toEqual([303, expect.stringMatching(/^\/device\/[0-9A-Z]{26}$/)]);
});

test('the approval page declines, and shows that again on reload', async () => {
  const { caller, login } = await start();
  const consent = await enter(caller, login.page, login.userCode);
  const headings = [await visit(consent, { action: 'reject' }), await visit(consent)];
  const poll = verdict(await caller.pollFor(login));
  expect([headings.map(({ heading }) => heading), poll]).toEqual([
    ['Declined', 'Declined'],
    '403 access_denied',
  ]);
});

test('the approval page of mas requires the checkbox and an unexpired grant', async () => {
  const { caller, clock, login } = await start();
  const consent = await enter(caller, login.page, login.userCode);
  const unticked = await visit(consent, { action: 'consent', user: 'alice' });
  clock.at += 1_200_000;
  const late = await visit(consent);
  const lateCode = await visit(login.page, { code: login.userCode });
  expect([unticked, late, lateCode].map(({ status, heading }) => [status, heading])).toEqual([
    [500, 'That did not work'],
    [500, 'This code has run out'],
    [200, 'Link a device'],
  ]);
});

test('the approval page of mas shows a policy violation and keeps the grant pending', async () => {
  const { caller } = await start();
  const login = await caller.startLogin('urn:matrix:client:api:* urn:matrix:client:device:SHORT');
  const consent = await enter(caller, login.page, login.userCode);
  const { status, heading, page } = await visit(consent);
  const poll = verdict(await caller.pollFor(login));
  expect([status, heading, page.includes('confirm_device'), poll]).toEqual([
    200,
    'Policy violation',
    false,
    '403 authorization_pending',
  ]);
});

test('the approval page escapes what was typed', async () => {
  const { caller } = await start();
  const typed = '"><script>alert(1)</script>';
  const { page } = await visit(`${caller.server.baseUrl}/link`, { code: typed });
  expect([page.includes('<script'), page.includes('&quot;&gt;&lt;script&gt;')]).toEqual([
    false,
    true,
  ]);
});

test.each([
  ['Keyfob/1.2.3 (Desktop; Linux 6.8)', { device: 'Desktop, Linux 6.8', program: 'Keyfob 1.2.3' }],
  ['Keyfob/1.2.3 (Desktop)', { device: 'Desktop', program: 'Keyfob 1.2.3' }],
  ['curl', { device: 'Unknown device', program: null }],
  [null, { device: 'Unknown device', program: null }],
])('deviceName() reads %s', (userAgent, wanted) => {
  expect(deviceName(userAgent)).toEqual(wanted);
});
