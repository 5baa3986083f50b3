import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { delayText } from '../../../common/time.ts';
import { texts } from '../../texts/en.ts';

const CLIPBOARD_TIMES_MS = [10_000, 30_000, 60_000, 120_000, 300_000, 0];

/** After how many milliseconds a copied token is cleared; 0: never. */
export function ClipboardTime({
  ms,
  onMs,
}: {
  ms: number;
  onMs: (ms: number) => void;
}): JSX.Element {
  const id = useId();
  const times = CLIPBOARD_TIMES_MS.includes(ms) ? CLIPBOARD_TIMES_MS : [ms, ...CLIPBOARD_TIMES_MS];
  const { never, after, clear } = texts.settings;
  return (
    <div class="switch-row wrap">
      <label for={id}>{clear}</label>
      <select id={id} value={ms} onChange={(event) => onMs(Number(event.currentTarget.value))}>
        {times.map((time) => (
          <option key={time} value={time} selected={time === ms}>
            {time === 0 ? never : after(delayText(time))}
          </option>
        ))}
      </select>
    </div>
  );
}
