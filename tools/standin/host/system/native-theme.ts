import { strictEmitter } from '../app/strict-emitter.ts';

type Source = 'system' | 'light' | 'dark';

/** @see {@link https://www.electronjs.org/docs/latest/api/native-theme} */
export class NativeTheme extends strictEmitter('nativeTheme') {
  readonly shouldUseHighContrastColors = false;
  readonly shouldUseInvertedColorScheme = false;
  readonly inForcedColorsMode = false;
  readonly prefersReducedTransparency = false;
  #source: Source = 'system';

  /** The desktop's own theme is always light. */
  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark';
  }

  get themeSource(): Source {
    return this.#source;
  }

  set themeSource(source: Source) {
    if (!['system', 'light', 'dark'].includes(source)) {
      throw new TypeError(`Error processing argument: themeSource '${source}'`);
    }
    if (source === this.#source) return;
    this.#source = source;
    setImmediate(() => this.emit('updated', {}));
  }
}

/** The `nativeTheme` of this process. */
export const nativeTheme = new NativeTheme().setMaxListeners(0);
