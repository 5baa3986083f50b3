/**
 * Keeps the focus in the view. What had it may go all at once: a card, a notice, a button that did its
 * work. Then the view's title takes it, so that the next key does not start from nowhere.
 */
export function keepFocus(page: Document): void {
  let last: EventTarget | null = null;
  page.addEventListener('focusin', ({ target }) => (last = target));
  const look = (): void => {
    const isLost = last instanceof Element && !last.isConnected && page.activeElement === page.body;
    if (!isLost) return;
    page.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  };
  new MutationObserver(look).observe(page.body, { childList: true, subtree: true });
}
