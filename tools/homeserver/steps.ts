import type { Step } from '../../main/protocol/http/network.ts';
import { readForm } from './auth/forms.ts';
import { paths } from './matrix-side.ts';
import type { HttpRequest, Endpoints } from './personality.ts';

const byPath: Readonly<Record<string, Step>> = {
  [paths.wellKnown]: 'well-known',
  [paths.versions]: 'versions',
  [paths.stableMetadata]: 'auth-metadata',
  [paths.unstableMetadata]: 'auth-metadata',
  [paths.stableIssuer]: 'auth-metadata',
  [paths.unstableIssuer]: 'auth-metadata',
  [paths.openidConfiguration]: 'auth-metadata',
  [paths.login]: 'login-flows',
  [paths.whoami]: 'whoami',
};

/** The step of a request; null: not a request of a client, such as an approval page. */
export function stepOf(asked: HttpRequest, endpoints: Endpoints): Step | null {
  const { pathname } = asked.url;
  if (pathname.startsWith(paths.profile)) return 'profile';
  switch (pathname) {
    case endpoints.registration:
      return 'registration';
    case endpoints.deviceAuthorization:
      return 'device-authorization';
    case endpoints.revocation:
      return 'revocation';
    case endpoints.token:
      return readForm(asked)?.get('grant_type') === 'refresh_token' ? 'refresh' : 'token';
    default:
      return byPath[pathname] ?? null;
  }
}
