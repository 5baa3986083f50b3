import type { ComponentChildren, JSX } from 'preact';

/** An icon in the colour of the surrounding text, hidden from screen readers. */
function Icon({
  children,
  turning,
}: {
  children: ComponentChildren;
  turning?: boolean;
}): JSX.Element {
  return (
    <svg
      class={turning === true ? 'icon turning' : 'icon'}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

/** An icon made of one SVG path. */
function line(d: string): () => JSX.Element {
  return () => (
    <Icon>
      <path d={d} />
    </Icon>
  );
}

export const PlusIcon = line('M10 4.5v11M4.5 10h11');
export const BackIcon = line('M11.5 5 6.5 10l5 5');
export const CloseIcon = line('m5.5 5.5 9 9m0-9-9 9');
export const HideIcon = line('M5 13.5h10');
export const ChevronIcon = line('m6 8 4 4 4-4');
export const ForwardIcon = line('m8 5 5 5-5 5');
export const CheckIcon = line('m4.5 10.5 3.7 3.7 7.3-8');
export const OutIcon = line(
  'M8.5 4H5.5A1.5 1.5 0 0 0 4 5.5v9A1.5 1.5 0 0 0 5.5 16h3M12.5 13l3-3-3-3M15.5 10H8',
);
export const OpenIcon = line(
  'M11.5 4H16v4.5M16 4 9.5 10.5M13 11.5v3a1.5 1.5 0 0 1-1.5 1.5h-6A1.5 1.5 0 0 1 4 14.5v-6A1.5 1.5 0 0 1 5.5 7h3',
);
export const OfflineIcon = line(
  'm4 4 12 12M6.2 8A4 4 0 0 0 6 15.5h7.5M9 5.2A4.5 4.5 0 0 1 14 9.6a3 3 0 0 1 2.2 4.6',
);
export const AlertIcon = line('M10 3.5 2.8 16h14.4zM10 8.5v3.2M10 13.9v.1');
export const InspectorIcon = line('M3.5 7h11m0 0-3-3m3 3-3 3M16.5 13h-11m0 0 3-3m-3 3 3 3');

export function ClockIcon(): JSX.Element {
  return (
    <Icon>
      <circle cx="10" cy="10" r="6.5" />
      <path d="M10 6.5V10l2.5 1.8" />
    </Icon>
  );
}

const TWO_ARROWS =
  'M15.8 8.2A6.2 6.2 0 0 0 4.6 7M4.2 11.8A6.2 6.2 0 0 0 15.4 13M4.4 3.8V7h3.2M15.6 16.2V13h-3.2';

export const RefreshIcon = line(TWO_ARROWS);

/** Activity. Doesn't move with reduced motion. */
export function TurningIcon(): JSX.Element {
  return (
    <Icon turning>
      <path d={TWO_ARROWS} />
    </Icon>
  );
}

export function LockIcon(): JSX.Element {
  return (
    <Icon>
      <rect x="4.5" y="9" width="11" height="7.5" rx="1.8" />
      <path d="M7 9V6.8a3 3 0 0 1 6 0V9" />
    </Icon>
  );
}

/** A leased token: a tool is using it. */
export function HeldIcon(): JSX.Element {
  return (
    <Icon>
      <circle cx="6.8" cy="10" r="3.3" />
      <path d="M10.1 10H17M14.2 10v2.6M17 10v1.8" />
    </Icon>
  );
}

export function CopyIcon(): JSX.Element {
  return (
    <Icon>
      <rect x="7" y="7" width="9" height="9.5" rx="1.8" />
      <path d="M4.8 12.8A1.3 1.3 0 0 1 4 11.6V5.3A1.8 1.8 0 0 1 5.8 3.5h5.8c.6 0 1 .3 1.3.8" />
    </Icon>
  );
}

export function MoreIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M4.5 10h.01M10 10h.01M15.5 10h.01" stroke-width="2.6" />
    </Icon>
  );
}

export function SettingsIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M3.5 6.5h6M13.5 6.5h3M3.5 13.5h3M10.5 13.5h6" />
      <circle cx="11.5" cy="6.5" r="2" />
      <circle cx="8.5" cy="13.5" r="2" />
    </Icon>
  );
}

/** The app's logo: a key fob on its ring. */
export function KeyfobIcon(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <circle cx="16" cy="7.5" r="4.7" stroke="currentColor" stroke-width="2.4" />
      <rect x="8" y="11.5" width="16" height="18" rx="6" fill="currentColor" />
      <path d="m12.2 20.6 2.8 2.8 5-5.6" class="mark-check" />
    </svg>
  );
}
