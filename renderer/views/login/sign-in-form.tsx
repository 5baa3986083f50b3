import type { JSX } from 'preact';
import { Page, useGoHome } from '../../components/page.tsx';
import { texts } from '../../texts/en.ts';
import { ServerForm } from './server-form.tsx';

/** The view that adds an account. */
export function SignInForm(): JSX.Element {
  return (
    <Page title={texts.form.title} onBack={useGoHome()}>
      <ServerForm />
    </Page>
  );
}
