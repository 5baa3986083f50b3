/// <reference lib="dom" />
import type { OpenRequest } from './messages.ts';

const sameWindow = /^(_self|_top|_parent)?$/;

/** Catches the clicks and forms that would open a new window, and reports them instead. */
export function reportClicks(open: (request: OpenRequest) => void): void {
  const onClick = (event: MouseEvent): void => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (link === undefined || link.href === '' || event.defaultPrevented) return;
    const disposition = dispositionOf(event);
    if (disposition === 'foreground-tab' && sameWindow.test(link.target)) return;
    event.preventDefault();
    open({ url: link.href, frameName: link.target, features: '', disposition });
  };
  const onSubmit = (event: SubmitEvent): void => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (sameWindow.test(form.target)) return;
    event.preventDefault();
    const disposition = 'foreground-tab';
    open({ url: form.action, frameName: form.target, features: '', disposition });
  };
  window.addEventListener('click', onClick);
  window.addEventListener('auxclick', onClick);
  window.addEventListener('submit', onSubmit);
}

function dispositionOf(event: MouseEvent): OpenRequest['disposition'] {
  if (event.shiftKey) return 'new-window';
  const inBackground = event.ctrlKey || event.metaKey || event.button === 1;
  return inBackground ? 'background-tab' : 'foreground-tab';
}
