import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ClientCheck } from '../../../preload/contract.ts';
import { withFieldLabels } from '../../model/client-failure.ts';
import { Field } from '../../components/field.tsx';
import { ForwardIcon } from '../../components/icons.tsx';
import { useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';

type Client = Readonly<Record<string, string>>;

const FIELDS = ['client_name', 'client_uri', 'logo_uri', 'tos_uri', 'policy_uri'] as const;

type ClientFieldsProps = Readonly<{ client: Client; onClient: (client: Client) => void }>;

/** The client metadata, validated by main on every input. Only changed values are passed on. */
export function ClientFields({ client, onClient }: ClientFieldsProps): JSX.Element {
  const { keyfob } = useApp();
  const [defaults, setDefaults] = useState<Client>({});
  const check = useClientCheck(client);
  useEffect(() => {
    keyfob.clientDefaults().then(setDefaults, reportError);
  }, []);
  const set = (name: string, value: string): void => {
    const others = Object.entries(client).filter(([known]) => known !== name);
    const isDefault = value === (defaults[name] ?? '');
    onClient(Object.fromEntries(isDefault ? others : [...others, [name, value]]));
  };
  const fault = check?.ok === false ? check : null;
  const problem = fault === null ? '' : withFieldLabels(fault.failure).message;
  const isOurField = FIELDS.some((name) => name === fault?.field);
  return (
    <details class="fold">
      <summary>
        <ForwardIcon />
        {texts.form.customise}
      </summary>
      <div class="stack fold-body">
        <p class="help">{texts.form.customiseHelp}</p>
        {FIELDS.map((name) => (
          <Field
            key={name}
            label={texts.form.clientFields[name]}
            value={client[name] ?? defaults[name] ?? ''}
            onValue={(value) => set(name, value)}
            inputMode={name === 'client_name' ? 'text' : 'url'}
            {...(fault?.field === name ? { invalid: true, help: problem } : {})}
          />
        ))}
        {fault !== null && !isOurField && <p class="help bad">{problem}</p>}
        {check?.ok === true && <p class="help good">{texts.form.clientValid}</p>}
        {Object.keys(client).length > 0 && <Reset onReset={() => onClient({})} />}
      </div>
    </details>
  );
}

function Reset({ onReset }: { onReset: () => void }): JSX.Element {
  return (
    <button
      type="button"
      class="button"
      onClick={(event) => {
        onReset();
        // The button disappears, so the focus moves to the summary.
        event.currentTarget.closest('details')?.querySelector('summary')?.focus();
      }}
    >
      {texts.form.clientReset}
    </button>
  );
}

/** Main's validation of `client`; null while nothing is changed. Out-of-date replies are dropped. */
function useClientCheck(client: Client): ClientCheck | null {
  const { keyfob } = useApp();
  const [check, setCheck] = useState<ClientCheck | null>(null);
  const latest = useRef(0);
  useEffect(() => {
    const turn = ++latest.current;
    if (Object.keys(client).length === 0) {
      setCheck(null);
      return;
    }
    keyfob.checkClient(client).then((answer) => {
      if (turn === latest.current) setCheck(answer);
    }, reportError);
  }, [client]);
  return check;
}
