import type { Clock } from '../../accounts/ports.ts';

/** Milliseconds. Longer than a click takes, shorter than the time to a deliberate second click. */
const ONE_CLICK_MS = 500;

/**
 * Decides whether a click on the tray icon shows or hides the window. On Windows and Linux the click first
 * takes the focus, which hides the window before the click event arrives: by visibility alone, the icon could
 * never close it. A window that stayed open behind others is shown, not hidden.
 */
export class PanelFocus {
  readonly #clock: Clock;
  #leftAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The window lost the focus while it was visible. */
  left(): void {
    this.#leftAt = this.#clock.monotonicNow();
  }

  /** What a click on the tray icon does. One loss of focus counts for one click. */
  onTrayClick(isFocused: boolean): 'show' | 'hide' {
    const justLeft = this.#clock.monotonicNow() - this.#leftAt < ONE_CLICK_MS;
    this.#leftAt = Number.NEGATIVE_INFINITY;
    return isFocused || justLeft ? 'hide' : 'show';
  }
}
