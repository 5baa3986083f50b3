import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { withFieldLabels } from '../../model/client-failure.ts';
import { serverHint } from '../../model/server-hint.ts';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import type { NoticeSnapshot } from '../../../common/snapshots.ts';
import { awaitReply, useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';
import { ClientFields } from './client-fields.tsx';

/** The form that starts a sign-in: server with a hint, label, client metadata. */
export function ServerForm({ brief }: { brief?: boolean }): JSX.Element {
  const { fields, hint, isInvalid, refused, start } = useServerForm();
  const { client, label, server } = fields;
  return (
    <form
      class="stack form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <Field
        label={texts.form.server}
        value={server.value}
        onValue={server.set}
        placeholder={texts.form.placeholder}
        help={hint.text}
        invalid={isInvalid}
        first={brief !== true}
        inputMode="url"
      />
      {hint.suggestion !== null && <Suggestion suggestion={hint.suggestion} onTake={server.set} />}
      {brief !== true && (
        <Field
          label={texts.form.label}
          value={label.value}
          onValue={label.set}
          optional
          help={texts.form.labelHelp}
        />
      )}
      <ClientFields client={client.value} onClient={client.set} />
      {refused !== null && (
        <div role="alert">
          <Notice notice={withFieldLabels(refused)} tone="bad" />
        </div>
      )}
      <button type="submit" class="button primary wide">
        {texts.form.submit}
      </button>
    </form>
  );
}

function Suggestion({
  suggestion,
  onTake,
}: {
  suggestion: string;
  onTake: (suggestion: string) => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class="button"
      onClick={(event) => {
        onTake(suggestion);
        // The button disappears, so the focus moves to the field.
        event.currentTarget.form?.querySelector('input')?.focus();
      }}
    >
      {texts.form.useSuggestion(suggestion)}
    </button>
  );
}

/** What is typed, what is understood of it, and the request that starts the sign-in. */
function useServerForm() {
  const state = useApp();
  const [refused, setRefused] = useState<NoticeSnapshot | null>(null);
  const [wasSubmitted, setWasSubmitted] = useState(false);
  const onChange = () => setRefused(null);
  const server = useFormField('', onChange);
  const label = useFormField('', onChange);
  const client = useFormField<Readonly<Record<string, string>>>({}, onChange);
  const hint = useMemo(() => serverHint(server.value), [server.value]);
  const start = async (): Promise<void> => {
    setWasSubmitted(true);
    if (hint.kind !== 'understood') return;
    const wish = { server: server.value, label: label.value, client: client.value };
    const started = await awaitReply(state, state.keyfob.startLogin(wish), setRefused);
    if (started !== null) state.route.value = { view: 'login', loginId: started.value.id };
  };
  const isInvalid = hint.kind === 'not-understood' || (wasSubmitted && hint.kind === 'empty');
  return { fields: { server, label, client }, hint, isInvalid, refused, start };
}

/** A field's value. Changing it also calls `onChange`. */
function useFormField<T>(initial: T, onChange: () => void) {
  const [value, setValue] = useState(initial);
  const set = (changed: T): void => {
    onChange();
    setValue(changed);
  };
  return { value, set };
}
