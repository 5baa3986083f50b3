import { effect } from '@preact/signals';
import { clockJumped } from './model/countdown.ts';
import type { PageTime } from './model/countdown.ts';
import { routeOf } from './model/route.ts';
import { speak } from './state.ts';
import type { AppState } from './state.ts';

/** Often enough that no countdown is seen to skip a second. */
const TICK_MS = 200;

/** Long enough for any screen reader to have taken it up. */
const SPOKEN_MS = 10_000;

/** How many exchanges the window keeps at most; main keeps its own count. */
const KEPT_EXCHANGES = 500;

/**
 * Keeps `state` up with main and with time for as long as the page lives: listens, ticks while the
 * page can be seen, and requests a new snapshot whenever it may have missed one.
 */
export function syncWithMain(state: AppState, page: Window): void {
  const { keyfob, exchanges, snapshot } = state;
  keyfob.onChanged(state.accept);
  keyfob.onExchange((exchange) => {
    const others = exchanges.peek().filter(({ id }) => id !== exchange.id);
    exchanges.value = [...others, exchange].slice(-KEPT_EXCHANGES);
  });
  const lookAgain = (): void => {
    keyfob.snapshot().then(state.accept, reportError);
  };
  lookAgain();
  keyfob.listExchanges().then((all) => (exchanges.value = all), reportError);
  page.addEventListener('pageshow', lookAgain);
  page.document.addEventListener('visibilitychange', () => {
    if (!page.document.hidden) lookAgain();
  });
  tickWhileSeen(state, page, lookAgain);
  followFragment(state, page);
  state.route.subscribe(() => (state.outcome.value = null));
  forgetWhatWasSpoken(state, page);
  effect(() => {
    const theme = snapshot.value?.settings.theme ?? 'system';
    if (theme === 'system') page.document.documentElement.removeAttribute('data-theme');
    else page.document.documentElement.dataset.theme = theme;
  });
}

/** Main asks for a view by the URL's fragment; it is taken off, so that it can be asked for again. */
function followFragment({ route }: AppState, page: Window): void {
  const follow = (): void => {
    const wanted = routeOf(page.location.hash);
    if (wanted === null) return;
    route.value = wanted;
    page.history.replaceState(null, '', page.location.pathname + page.location.search);
  };
  follow();
  page.addEventListener('hashchange', follow);
}

/** What was spoken is no part of the page. */
function forgetWhatWasSpoken({ spoken }: AppState, page: Window): void {
  effect(() => {
    if (spoken.value.words === '') return;
    const timer = page.setTimeout(() => speak(spoken, ''), SPOKEN_MS);
    return () => page.clearTimeout(timer);
  });
}

function tickWhileSeen(state: AppState, page: Window, lookAgain: () => void): void {
  const time = (): PageTime => ({ monotonic: page.performance.now(), wall: Date.now() });
  let last = time();
  page.setInterval(() => {
    const now = time();
    if (clockJumped(last, now)) lookAgain();
    last = now;
    if (!page.document.hidden) state.tick();
  }, TICK_MS);
}
