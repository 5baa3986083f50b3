import type { NoticeSnapshot } from '../../common/snapshots.ts';

/** Every notice the desktop can show, by its code. */
const NOTICES = {
  'no-tray': {
    message:
      'This desktop has no system tray, so Keyfob runs in an ordinary window and quits when you close it.',
    hint: 'Minimise the window to keep Keyfob running. On GNOME, the AppIndicator extension adds a tray.',
  },
  'clipboard-unavailable': {
    message: "Couldn't copy: the clipboard isn't available.",
    hint: 'Try again with the window in front, or run keyfob token in a terminal.',
  },
  'clipboard-not-cleared': {
    message:
      "Keyfob couldn't verify that the clipboard is clear. A copied token or code may still be there.",
    hint: 'Copy something else to replace it.',
  },
  'autostart-failed': {
    message: "Couldn't change whether Keyfob starts at login.",
    hint: "Use your system's settings for startup apps instead.",
  },
  'settings-not-saved': {
    message: "The settings apply now, but couldn't be saved to disk.",
    hint: 'Check for free disk space, then change them again.',
  },
  'link-refused': {
    message: "Keyfob doesn't open that address.",
    hint: "Enter the address in your browser. An account page's address is in the account's details.",
  },
  'browser-failed': {
    message: "Couldn't open a browser.",
    hint: "Enter the address in a browser on any device. An account page's address is in the account's details.",
  },
  'account-unknown': {
    message: 'That account no longer exists.',
    hint: 'Check the list of accounts.',
  },
  'login-over': {
    message: 'That sign-in is no longer waiting for approval.',
    hint: 'Start a new one.',
  },
  'notice-unknown': {
    message: 'That notice does not exist.',
    hint: 'Check the list of notices.',
  },
  'exchange-unknown': {
    message: 'That request is no longer in the inspector.',
    hint: 'The inspector keeps the latest 500.',
  },
} as const;

/** The code of a notice. */
export type NoticeCode = keyof typeof NOTICES;

/** Whether `text` is the code of a notice. */
export function isNoticeCode(text: string): text is NoticeCode {
  return Object.hasOwn(NOTICES, text);
}

/** The notice with this code, in words. */
export function notice(code: NoticeCode): NoticeSnapshot {
  return { code, ...NOTICES[code] };
}
