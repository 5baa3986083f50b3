import type { AppSnapshot } from '../../common/snapshots.ts';
import { isLoopbackUrl, safeLink } from '../../common/urls.ts';

/** Every address the engine currently offers, exactly as in the snapshot. */
export function offeredLinks({ accounts, logins }: AppSnapshot): readonly string[] {
  const ofLogins = logins.flatMap(({ state }) =>
    state.step === 'waiting' ? [state.verificationUriComplete, state.verificationUri] : [],
  );
  const pages = accounts.map(({ accountPage }) => accountPage);
  return [...ofLogins, ...pages].filter((link) => link !== null);
}

/**
 * The address to open in the browser, or null. Allowed are only addresses the engine currently offers, with
 * https, or with plain http on loopback (a homeserver under development).
 */
export function linkToOpen(link: string, app: AppSnapshot): string | null {
  if (!offeredLinks(app).includes(link)) return null;
  const url = safeLink(link, { loopback: true });
  if (url === null) return null;
  return url.protocol === 'https:' || isLoopbackUrl(url) ? url.href : null;
}
