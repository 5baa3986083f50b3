/**
 * Keeps the focus in the view. When the focused element is removed (a card, a notice, a button), the view's title takes the
 * focus, so that keyboard navigation doesn't restart at the top of the page.
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
