import { effect } from '@preact/signals';
import { clockJumped } from './model/countdown.ts';
import type { PageTime } from './model/countdown.ts';
import { routeOf } from './model/route.ts';
import { speak } from './state.ts';
import type { AppState } from './state.ts';

/** Often enough that no countdown visibly skips a second. */
const TICK_MS = 200;

/** Long enough for any screen reader to pick it up. */
const SPOKEN_MS = 10_000;

/** How many exchanges the window keeps; main has a limit of its own. */
const KEPT_EXCHANGES = 500;

/**
 * Keeps `state` in sync with main and the clock: subscribes to pushes, ticks while the page is visible, and
 * requests a new snapshot whenever it may have missed one.
 */
export function syncWithMain(state: AppState, page: Window): void {
  const { keyfob, exchanges, snapshot } = state;
  keyfob.onChanged(state.accept);
  keyfob.onExchange((exchange) => {
    const others = exchanges.peek().filter(({ id }) => id !== exchange.id);
    exchanges.value = [...others, exchange].slice(-KEPT_EXCHANGES);
  });
  const refresh = (): void => {
    keyfob.snapshot().then(state.accept, reportError);
  };
  refresh();
  keyfob.listExchanges().then((all) => (exchanges.value = all), reportError);
  page.addEventListener('pageshow', refresh);
  page.document.addEventListener('visibilitychange', () => {
    if (!page.document.hidden) refresh();
  });
  tickWhileVisible(state, page, refresh);
  followFragment(state, page);
  state.route.subscribe(() => (state.outcome.value = null));
  clearAnnouncements(state, page);
  effect(() => {
    const theme = snapshot.value?.settings.theme ?? 'system';
    if (theme === 'system') page.document.documentElement.removeAttribute('data-theme');
    else page.document.documentElement.dataset.theme = theme;
  });
}

/** Main opens a view through the URL fragment, which is removed so that the same view can be opened again. */
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

/** Clears an announcement after a while, so that screen readers don't find it in the page. */
function clearAnnouncements({ spoken }: AppState, page: Window): void {
  effect(() => {
    if (spoken.value.words === '') return;
    const timer = page.setTimeout(() => speak(spoken, ''), SPOKEN_MS);
    return () => page.clearTimeout(timer);
  });
}

function tickWhileVisible(state: AppState, page: Window, refresh: () => void): void {
  const time = (): PageTime => ({ monotonic: page.performance.now(), wall: Date.now() });
  let last = time();
  page.setInterval(() => {
    const now = time();
    if (clockJumped(last, now)) refresh();
    last = now;
    if (!page.document.hidden) state.tick();
  }, TICK_MS);
}
