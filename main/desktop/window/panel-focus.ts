import type { Clock } from '../../accounts/ports.ts';

/** Longer than a press of a button, shorter than a person takes to change their mind: milliseconds. */
const ONE_CLICK_MS = 500;

/**
 * Knows whether a click on the tray icon came from within the window. On Windows and Linux the click
 * takes the focus first, and the window that hides when it loses it is gone before the click is told:
 * asked by its visibility alone, it could never be closed by the icon. And a window that stayed open
 * behind others is wanted in front, not closed.
 */
export class PanelFocus {
  readonly #clock: Clock;
  #leftAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The window lost the focus while it was there to be seen. */
  left(): void {
    this.#leftAt = this.#clock.monotonicNow();
  }

  /** What a click on the tray icon asks for. One loss of the focus explains one click. */
  onTrayClick(isFocused: boolean): 'show' | 'hide' {
    const justLeft = this.#clock.monotonicNow() - this.#leftAt < ONE_CLICK_MS;
    this.#leftAt = Number.NEGATIVE_INFINITY;
    return isFocused || justLeft ? 'hide' : 'show';
  }
}
