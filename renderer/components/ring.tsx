import type { JSX } from 'preact';

const RADIUS = 18;
const LENGTH = 2 * Math.PI * RADIUS;

/** The time left, as a ring that empties. The text beside it says the same. */
export function Ring({ fraction }: { fraction: number }): JSX.Element {
  return (
    <svg class="ring" viewBox="0 0 44 44" fill="none" aria-hidden="true">
      <circle class="ring-track" cx="22" cy="22" r={RADIUS} />
      <circle
        class="ring-left"
        cx="22"
        cy="22"
        r={RADIUS}
        stroke-dasharray={`${(fraction * LENGTH).toFixed(2)} ${LENGTH.toFixed(2)}`}
        transform="rotate(-90 22 22)"
      />
    </svg>
  );
}
