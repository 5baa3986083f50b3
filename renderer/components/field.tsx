import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { texts } from '../texts/en.ts';

type FieldProps = Readonly<{
  label: string;
  value: string;
  onValue: (value: string) => void;
  optional?: boolean;
  placeholder?: string;
  /** What is said below the field. */
  help?: string;
  /** Whether `help` says what is wrong. */
  invalid?: boolean;
  /** Takes the focus when it appears, and selects what is in it. */
  first?: boolean;
  inputMode?: 'url' | 'text';
}>;

/** A line to type in, with its name above and what is understood of it below. */
export function Field(props: FieldProps): JSX.Element {
  const { label, value, onValue, optional, placeholder, help, invalid, first, inputMode } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  // Before the next key is pressed: none of what somebody types is lost.
  useLayoutEffect(() => {
    if (first === true) input.current?.select();
  }, []);
  return (
    <div class="field">
      <label for={id}>
        {label} {optional === true && <span class="faint">({texts.form.optional})</span>}
      </label>
      <input
        id={id}
        ref={input}
        type="text"
        value={value}
        placeholder={placeholder ?? ''}
        inputMode={inputMode ?? 'text'}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-invalid={invalid === true}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {help !== undefined && (
        <p id={`${id}-help`} class={invalid === true ? 'help bad' : 'help'}>
          {help}
        </p>
      )}
    </div>
  );
}

type SwitchProps = Readonly<{
  label: string;
  help?: string;
  checked: boolean;
  disabled?: boolean;
  onSwitch: (on: boolean) => void;
}>;

/** Something that is on or off. */
export function Switch({ label, help, checked, disabled, onSwitch }: SwitchProps): JSX.Element {
  const id = useId();
  return (
    <div class="switch-row">
      <div>
        <label for={id}>{label}</label>
        {help !== undefined && (
          <p id={`${id}-help`} class="help">
            {help}
          </p>
        )}
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        class="switch"
        checked={checked}
        disabled={disabled === true}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        onChange={(event) => onSwitch(event.currentTarget.checked)}
      />
    </div>
  );
}
