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

/** The server field with a hint of what was understood, and what else a sign-in may be told. */
export function ServerForm({ brief }: { brief?: boolean }): JSX.Element {
  const state = useApp();
  const [server, setServer] = useState('');
  const [label, setLabel] = useState('');
  const [client, setClient] = useState<Readonly<Record<string, string>>>({});
  const [refused, setRefused] = useState<NoticeSnapshot | null>(null);
  const [asked, setAsked] = useState(false);
  const hint = useMemo(() => serverHint(server), [server]);
  const start = async (): Promise<void> => {
    setAsked(true);
    if (hint.kind !== 'understood') return;
    const request = state.keyfob.startLogin({ server, label, client });
    const started = await awaitReply(state, request, setRefused);
    if (started !== null) state.route.value = { view: 'login', loginId: started.value.id };
  };
  const change = <T,>(set: (value: T) => void) => {
    return (value: T): void => {
      setRefused(null);
      set(value);
    };
  };
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
        value={server}
        onValue={change(setServer)}
        placeholder={texts.form.placeholder}
        help={hint.text}
        invalid={hint.kind === 'not-understood' || (asked && hint.kind === 'empty')}
        first={brief !== true}
        inputMode="url"
      />
      {hint.suggestion !== null && (
        <button
          type="button"
          class="button"
          onClick={(event) => {
            setServer(hint.suggestion ?? '');
            // The button goes with what it was about.
            event.currentTarget.form?.querySelector('input')?.focus();
          }}
        >
          {texts.form.useSuggestion(hint.suggestion)}
        </button>
      )}
      {brief !== true && (
        <Field
          label={texts.form.label}
          value={label}
          onValue={change(setLabel)}
          optional
          help={texts.form.labelHelp}
        />
      )}
      <ClientFields client={client} onClient={change(setClient)} />
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
