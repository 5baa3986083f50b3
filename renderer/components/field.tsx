import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { texts } from '../texts/en.ts';

type FieldProps = Readonly<{
  label: string;
  value: string;
  onValue: (value: string) => void;
  optional?: boolean;
  placeholder?: string;
  /** Shown below the field. */
  help?: string;
  /** Whether the value is invalid, and `help` says why. */
  invalid?: boolean;
  /** Takes the focus on mount, with its content selected. */
  first?: boolean;
  inputMode?: 'url' | 'text';
}>;

/** A text field with its label above and its help or error below. */
export function Field(props: FieldProps): JSX.Element {
  const { label, value, onValue, optional, placeholder, help, invalid, first, inputMode } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  // A layout effect, so that the field has the focus before the next key press.
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

/** A labelled switch. */
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
