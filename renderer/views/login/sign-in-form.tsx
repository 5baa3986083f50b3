import type { JSX } from 'preact';
import { Page, useGoHome } from '../../components/page.tsx';
import { texts } from '../../texts/en.ts';
import { ServerForm } from './server-form.tsx';

/** Adds an account: which server, which label, and who this client says it is. */
export function SignInForm(): JSX.Element {
  return (
    <Page title={texts.form.title} onBack={useGoHome()}>
      <ServerForm />
    </Page>
  );
}
