import type { NoticeSnapshot } from '../../common/snapshots.ts';

/** What the desktop may have to tell a person, by its code. */
const NOTICES = {
  'no-tray': {
    message:
      'This desktop shows no tray icons, so Keyfob is an ordinary window and ends when you close it.',
    hint: 'Minimise the window to keep Keyfob running; on GNOME the AppIndicator extension adds a tray.',
  },
  'clipboard-unavailable': {
    message: 'The clipboard took nothing, so nothing was copied.',
    hint: 'Try again with the window in front, or use keyfob token in a terminal.',
  },
  'clipboard-not-cleared': {
    message:
      'Something that Keyfob copied may still be on the clipboard: the system let nobody look.',
    hint: 'Copy something else to replace it.',
  },
  'autostart-failed': {
    message: 'Starting with the computer could not be set up.',
    hint: "Use your system's own settings for programs that start by themselves.",
  },
  'settings-not-saved': {
    message: 'The settings hold for now, but could not be written to the disk.',
    hint: 'Make room on the disk, then change them again.',
  },
  'link-refused': {
    message: 'That address is not one that Keyfob opens.',
    hint: 'Type the address into your browser; that of an account page stands in its Details.',
  },
  'browser-failed': {
    message: 'The system opened no browser.',
    hint: 'Type the address into a browser, on any device; that of an account page stands in its Details.',
  },
  'account-unknown': {
    message: 'That account is not here any more.',
    hint: 'Look at the list again.',
  },
  'login-over': {
    message: 'That sign-in no longer waits for approval.',
    hint: 'Start a new one.',
  },
  'notice-unknown': {
    message: "That notice is not one of Keyfob's.",
    hint: 'Look at the notices again.',
  },
  'exchange-unknown': {
    message: 'That exchange is not in the list any more.',
    hint: 'The list keeps the newest 500.',
  },
} as const;

/** The code of something that the desktop has to tell. */
export type NoticeCode = keyof typeof NOTICES;

/** Whether a text is such a code. */
export function isNoticeCode(text: string): text is NoticeCode {
  return Object.hasOwn(NOTICES, text);
}

/** A notice in words. */
export function notice(code: NoticeCode): NoticeSnapshot {
  return { code, ...NOTICES[code] };
}
