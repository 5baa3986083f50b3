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

/** The outcome of an action, shown in the status bar. */
export type Outcome = Readonly<{
  tone: 'good' | 'warn' | 'bad';
  message: string;
  hint: string;
  /** `clipboard`: dropped once the clipboard changes. */
  about?: 'clipboard';
}>;

/** A text for the live region. A new `turn` has the same words announced again. */
export type Spoken = Readonly<{ words: string; turn: number }>;

/** Everything the views draw, and what changes it. */
export type AppState = Readonly<{
  keyfob: Bridge;
  /** null until main's first reply. */
  snapshot: ReadonlySignal<WindowSnapshot | null>;
  /** Main's clock in epoch milliseconds, as estimated by the page. */
  now: ReadonlySignal<number>;
  codeLifetimes: ReadonlySignal<CodeLifetimes>;
  exchanges: Signal<readonly ExchangeSnapshot[]>;
  route: Signal<Route>;
  /** The ids of logins whose end the person has seen, or that ended before this page loaded. */
  seenLoginEnds: Signal<ReadonlySet<string>>;
  outcome: Signal<Outcome | null>;
  /** The current announcement; set by {@link speak}. */
  spoken: Signal<Spoken>;
  /** Takes over `next`, unless a newer snapshot is here already. */
  accept(next: WindowSnapshot): void;
  /** Updates {@link AppState.now}. */
  tick(): void;
}>;

/** Creates the window's state. `pageNow` is a monotonic clock in milliseconds. */
export function createState(keyfob: Bridge, pageNow: () => number): AppState {
  const snapshot = signal<WindowSnapshot | null>(null);
  const sync = signal<Sync>({ madeAt: 0, pageAt: 0 });
  const pageAt = signal(pageNow());
  const lengths = signal<CodeLifetimes>(new Map());
  const spoken = signal<Spoken>({ words: '', turn: 0 });
  const outcome = signal<Outcome | null>(null);
  const seenLoginEnds = signal<ReadonlySet<string>>(new Set());
  return {
    keyfob,
    snapshot,
    now: computed(() => mainNow(sync.value, pageAt.value)),
    codeLifetimes: lengths,
    exchanges: signal<readonly ExchangeSnapshot[]>([]),
    route: signal<Route>({ view: 'accounts' }),
    outcome,
    spoken,
    seenLoginEnds,
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
        if (known === null) seenLoginEnds.value = endedIds(next);
        const news = known === null ? [] : announcements(known, next);
        if (news.length > 0) speak(spoken, news.join(' '));
      });
    },
    tick: () => {
      pageAt.value = pageNow();
    },
  };
}

/** Provides the state to the views. */
export const StateContext = createContext<AppState | null>(null);

/** The window's state. */
export function useApp(): AppState {
  const state = useContext(StateContext);
  if (state === null) throw new Error('There is no state around this view.');
  return state;
}

/**
 * A value computed from main's clock. The view is only drawn again when the value changes, so it must compare
 * by value. `inputs` are the other dependencies of `read`.
 */
export function useNow<T extends string | number>(
  read: (now: number) => T,
  inputs: readonly unknown[],
): T {
  const { now } = useApp();
  return useMemo(() => computed(() => read(now.value)), inputs).value;
}

/**
 * Awaits a reply. Returns its value, wrapped in an object, or null on failure, which is passed to `onRefused`
 * or else shown in the status bar.
 */
export async function awaitReply<T>(
  state: AppState,
  request: Promise<Reply<T>>,
  onRefused?: (failure: NoticeSnapshot) => void,
): Promise<Readonly<{ value: T }> | null> {
  try {
    const reply = await request;
    if (reply.ok) {
      // The previous outcome is out of date.
      state.outcome.value = null;
      return { value: reply.value };
    }
    const { message, hint } = reply.failure;
    if (onRefused === undefined) showOutcome(state, { tone: 'bad', message, hint });
    else onRefused(reply.failure);
  } catch (error) {
    // A rejected request is a bug in main. The person gets a short message, the console the details.
    reportError(error);
    showOutcome(state, { tone: 'bad', message: texts.bug, hint: texts.bugHint });
  }
  return null;
}

/** Shows an outcome in the status bar, and announces it. */
export function showOutcome(
  { outcome, spoken }: Pick<AppState, 'outcome' | 'spoken'>,
  said: Outcome,
): void {
  outcome.value = said;
  speak(spoken, `${said.message} ${said.hint}`.trim());
}

/** Announces `words` to screen readers. */
export function speak(spoken: Signal<Spoken>, words: string): void {
  spoken.value = { words, turn: spoken.peek().turn + 1 };
}

/** Whether what Keyfob copied is no longer on the clipboard. */
function hasClipboardChanged(before: WindowSnapshot | null, after: WindowSnapshot): boolean {
  const [was, is] = [before?.shell.copied ?? null, after.shell.copied];
  return was !== null && (was.what !== is?.what || was.clearsAt !== is.clearsAt);
}

function endedIds({ app }: WindowSnapshot): ReadonlySet<string> {
  return new Set(app.logins.filter(({ state }) => hasEnded(state)).map(({ id }) => id));
}
