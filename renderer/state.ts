import { batch, computed, signal } from '@preact/signals';
import type { ReadonlySignal, Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext, useMemo } from 'preact/hooks';
import type { ExchangeSnapshot, Reply, WindowSnapshot } from '../preload/contract.ts';
import type { NoticeSnapshot } from '../common/snapshots.ts';
import type { Bridge } from './bridge.ts';
import { announcements } from './model/announcements.ts';
import { mainNow } from './model/countdown.ts';
import type { Sync } from './model/countdown.ts';
import { codeLifetimes } from './model/code-lifetimes.ts';
import type { CodeLifetimes } from './model/code-lifetimes.ts';
import type { Route } from './model/route.ts';
import { hasEnded } from '../common/login-steps.ts';
import { texts } from './texts/en.ts';

/** What the window says at its lower edge after an act. */
export type Outcome = Readonly<{
  tone: 'good' | 'warn' | 'bad';
  message: string;
  hint: string;
  /** `clipboard`: of no interest once something else is on it, or nothing. */
  about?: 'clipboard';
}>;

/** What a screen reader is told. Each turn is told anew, in the same words too. */
export type Spoken = Readonly<{ words: string; turn: number }>;

/** Everything that the views draw, and what changes it. */
export type AppState = Readonly<{
  keyfob: Bridge;
  /** null until main has answered for the first time. */
  snapshot: ReadonlySignal<WindowSnapshot | null>;
  /** Main's clock in epoch milliseconds, as well as the page knows it. */
  now: ReadonlySignal<number>;
  codeLifetimes: ReadonlySignal<CodeLifetimes>;
  exchanges: Signal<readonly ExchangeSnapshot[]>;
  route: Signal<Route>;
  /** The ids of ended logins whose end the person has seen, or that ended before this page began. */
  seenEnds: Signal<ReadonlySet<string>>;
  outcome: Signal<Outcome | null>;
  /** What a screen reader is told next; {@link speak} changes it. */
  spoken: Signal<Spoken>;
  /** Takes over `next`, unless a newer snapshot is here already. */
  accept(next: WindowSnapshot): void;
  /** Looks at the clock. */
  tick(): void;
}>;

/** The state of a window that talks to `keyfob`. `pageNow` is a monotonic clock in milliseconds. */
export function createState(keyfob: Bridge, pageNow: () => number): AppState {
  const snapshot = signal<WindowSnapshot | null>(null);
  const sync = signal<Sync>({ madeAt: 0, pageAt: 0 });
  const pageAt = signal(pageNow());
  const lengths = signal<CodeLifetimes>(new Map());
  const spoken = signal<Spoken>({ words: '', turn: 0 });
  const outcome = signal<Outcome | null>(null);
  const seenEnds = signal<ReadonlySet<string>>(new Set());
  return {
    keyfob,
    snapshot,
    now: computed(() => mainNow(sync.value, pageAt.value)),
    codeLifetimes: lengths,
    exchanges: signal<readonly ExchangeSnapshot[]>([]),
    route: signal<Route>({ view: 'accounts' }),
    outcome,
    spoken,
    seenEnds,
    accept: (next) => {
      const known = snapshot.peek();
      if (known !== null && known.app.revision > next.app.revision) return;
      batch(() => {
        const at = pageNow();
        sync.value = { madeAt: next.app.madeAt, pageAt: at };
        pageAt.value = at;
        const { logins, madeAt } = next.app;
        lengths.value = codeLifetimes(lengths.peek(), logins, madeAt);
        snapshot.value = next;
        const isOld = outcome.peek()?.about === 'clipboard' && hasClipboardChanged(known, next);
        if (isOld) outcome.value = null;
        if (known === null) seenEnds.value = endedIds(next);
        const news = known === null ? [] : announcements(known, next);
        if (news.length > 0) speak(spoken, news.join(' '));
      });
    },
    tick: () => {
      pageAt.value = pageNow();
    },
  };
}

/** Hands the state to the views. */
export const StateContext = createContext<AppState | null>(null);

/** The window's state. */
export function useApp(): AppState {
  const state = useContext(StateContext);
  if (state === null) throw new Error('There is no state around this view.');
  return state;
}

/**
 * What `read` makes of main's clock. The view is drawn again only when the result differs, so give
 * back something that compares by value; `inputs` are what else `read` depends on.
 */
export function useNow<T extends string | number>(
  read: (now: number) => T,
  inputs: readonly unknown[],
): T {
  const { now } = useApp();
  return useMemo(() => computed(() => read(now.value)), inputs).value;
}

/**
 * Waits for a request's answer. Returns the value in a box, or null when it did not work: then
 * `onRefused` is told why, or else the lower edge shows it.
 */
export async function awaitReply<T>(
  state: AppState,
  request: Promise<Reply<T>>,
  onRefused?: (failure: NoticeSnapshot) => void,
): Promise<Readonly<{ value: T }> | null> {
  try {
    const reply = await request;
    if (reply.ok) {
      // What an act before it led to is no longer so, or no longer of interest.
      state.outcome.value = null;
      return { value: reply.value };
    }
    const { message, hint } = reply.failure;
    if (onRefused === undefined) showOutcome(state, { tone: 'bad', message, hint });
    else onRefused(reply.failure);
  } catch (error) {
    // A rejected request is a bug in main: the person is told, and the console keeps the rest.
    reportError(error);
    showOutcome(state, { tone: 'bad', message: texts.bug, hint: texts.bugHint });
  }
  return null;
}

/** Shows `said` at the lower edge, and has it spoken. */
export function showOutcome(
  { outcome, spoken }: Pick<AppState, 'outcome' | 'spoken'>,
  said: Outcome,
): void {
  outcome.value = said;
  speak(spoken, `${said.message} ${said.hint}`.trim());
}

/** Has `words` spoken. */
export function speak(spoken: Signal<Spoken>, words: string): void {
  spoken.value = { words, turn: spoken.peek().turn + 1 };
}

/** Whether what we had put on the clipboard is no longer there. */
function hasClipboardChanged(before: WindowSnapshot | null, after: WindowSnapshot): boolean {
  const [was, is] = [before?.shell.copied ?? null, after.shell.copied];
  return was !== null && (was.what !== is?.what || was.clearsAt !== is.clearsAt);
}

function endedIds({ app }: WindowSnapshot): ReadonlySet<string> {
  return new Set(app.logins.filter(({ state }) => hasEnded(state)).map(({ id }) => id));
}
