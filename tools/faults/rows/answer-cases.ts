import { HOUR, MINUTE } from '../../../common/time.ts';
import type { Fault } from '../../homeserver/odd/faults.ts';
import type { PersonalityName } from '../../homeserver/personality.ts';
import { FAMILIES } from '../tally.ts';
import type { Line, World } from '../world.ts';

/** One way in which the response to a refresh goes wrong. */
export type AnswerCase = Readonly<{
  what: string;
  /** Turns the fault on. */
  arrange: (world: World) => void;
  /** When the fault is turned off again, in milliseconds. */
  lastsMs: number;
  /** The families on which the session must survive; on the others it may be lost. */
  survivors: readonly PersonalityName[];
}>;

const FORGIVING: readonly PersonalityName[] = ['mas', 'tuwunel'];
const page = '<!doctype html><title>Bad gateway</title><h1>Please try again</h1>';

/**
 * Responses that say nothing about tokens. The session must survive each of them, once and for an
 * hour.
 */
const USELESS: readonly (readonly [string, Extract<Fault, { respond: unknown }>['respond']])[] = [
  ['500', { status: 500, body: page }],
  ['502', { status: 502, body: page }],
  ['503', { status: 503, body: page }],
  ['503 with Retry-After', { status: 503, headers: { 'retry-after': '120' }, body: page }],
  ['504', { status: 504, body: page }],
  ['520', { status: 520, body: page }],
  ['524', { status: 524, body: page }],
  ['429', { status: 429, body: { errcode: 'M_LIMIT_EXCEEDED', error: 'Too many requests' } }],
  ['429 with Retry-After', { status: 429, headers: { 'retry-after': '300' }, body: '' }],
  ['408', { status: 408, body: '' }],
  ['403 in HTML', { status: 403, body: page }],
  ['401 in HTML', { status: 401, body: page }],
  ['400 without an error code', { status: 400, body: {} }],
  ['404', { status: 404, body: page }],
  ['405', { status: 405, body: '' }],
  ['302 to a sign-in page', { status: 302, headers: { location: '/portal' }, body: '' }],
  ['200 in HTML', { status: 200, body: page }],
  ['200 with an empty body', { status: 200, body: '' }],
  ['200 without tokens', { status: 200, body: {} }],
];

/** The request never arrives: the token isn't spent, so nothing is lost. */
function notDone(): AnswerCase[] {
  return USELESS.flatMap(([name, respond]) => [
    {
      what: `${name}, once`,
      arrange: ({ server }) => server.faults.next('refresh', { respond }),
      lastsMs: MINUTE,
      survivors: FAMILIES,
    },
    {
      what: `${name}, for an hour`,
      arrange: ({ server }) => server.faults.always('refresh', { respond }),
      lastsMs: HOUR,
      survivors: FAMILIES,
    },
  ]);
}

/**
 * The server spends the token and its response is lost: families that don't allow a retry end the
 * session.
 */
const SPENT: readonly (readonly [string, Fault])[] = [
  ['connection broken', { drop: 'after' }],
  ['cut in the middle', { cutAt: 60 }],
  ['no byte of the body', { cutAt: 0 }],
  ['500 instead', { replace: { status: 500, body: page } }],
  ['502 instead', { replace: { status: 502, body: page } }],
  ['504 instead', { replace: { status: 504, body: page } }],
  ['520 instead', { replace: { status: 520, body: page } }],
  ['524 instead', { replace: { status: 524, body: page } }],
  ['HTML instead', { replace: { status: 200, body: page } }],
  ['an empty body instead', { replace: { status: 200, body: '' } }],
  ['request repeated by a proxy, second answer sent', { answerTwice: true }],
];

function done(): AnswerCase[] {
  return SPENT.flatMap(([name, fault]) =>
    [1, 2].map((times) => ({
      what: `spent, then ${name}, ${times === 1 ? 'once' : 'twice'}`,
      arrange: ({ server }: World) => server.faults.next('refresh', fault, times),
      lastsMs: MINUTE,
      survivors: FORGIVING,
    })),
  );
}

/** Delays the response by that long. */
export function late(ms: number): Line {
  return (send, sleep) => async (url, init) => {
    const answer = await send(url, init);
    if (isRefresh(init)) await sleep(ms, init.signal ?? undefined);
    return answer;
  };
}

/** Sends the response in small pieces. */
function dripping(bytesPerS: number): Line {
  return (send, sleep) => async (url, init) => {
    const answer = await send(url, init);
    if (!isRefresh(init)) return answer;
    const bytes = new Uint8Array(await answer.arrayBuffer());
    let at = 0;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await sleep(1_000, init.signal ?? undefined);
        controller.enqueue(bytes.slice(at, at + bytesPerS));
        at += bytesPerS;
        if (at >= bytes.length) controller.close();
      },
    });
    const { status, headers } = answer;
    return new Response(body, { status, headers });
  };
}

function isRefresh({ body }: RequestInit): boolean {
  return String(body instanceof URLSearchParams ? body : '').includes('grant_type=refresh_token');
}

/** Only the first response is delayed. */
function once(line: Line): Line {
  let isFirst = true;
  return (send, sleep) => (url, init) => {
    const slow = isFirst && isRefresh(init);
    if (slow) isFirst = false;
    return slow ? line(send, sleep)(url, init) : send(url, init);
  };
}

function slow(): AnswerCase[] {
  const onLine = (what: string, line: Line, survivors = FAMILIES): AnswerCase => ({
    what,
    arrange: (world) => (world.line = once(line)),
    lastsMs: MINUTE,
    survivors,
  });
  return [
    onLine('answer late by 5 s', late(5_000)),
    onLine('answer late by 29 s', late(29_000)),
    onLine('answer late by two minutes: we wait 30 s, Tuwunel forgives 15 s', late(120_000), [
      'mas',
    ]),
    onLine('answer trickles in over 20 s', dripping(20)),
    onLine('answer trickles in over minutes', dripping(2), ['mas']),
  ];
}

/** The token is spent, the response is lost, and then there is no network for a while. */
function away(what: string, lastsMs: number, survivors: readonly PersonalityName[]): AnswerCase {
  const arrange = ({ server }: World) => {
    server.faults.next('refresh', { drop: 'after' });
    server.faults.always('refresh', { drop: 'before' });
  };
  return { what: `spent, answer lost, then no network for ${what}`, arrange, lastsMs, survivors };
}

/** All cases. */
export const ANSWER_CASES: readonly AnswerCase[] = [
  ...notDone(),
  ...done(),
  ...slow(),
  {
    what: 'no network for a day',
    arrange: ({ server }) => server.faults.always('refresh', { drop: 'before' }),
    lastsMs: 24 * HOUR,
    survivors: FAMILIES,
  },
  away('10 s', 10_000, FORGIVING),
  away('ten minutes', 10 * MINUTE, ['mas']),
  away('three hours', 3 * HOUR, []),
];
