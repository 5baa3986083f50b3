import * as v from 'valibot';
import { err, ok } from '../../../common/result.ts';
import type { KeyProvider } from './key-provider.ts';

/** The user's consent to store tokens unprotected, and when it was given (epoch milliseconds). */
export type Consent = Readonly<{ consent: true; consentedAt: number }>;

const wrappedKey = v.strictObject({
  key: v.pipe(v.string(), v.base64()),
  consentedAt: v.pipe(v.number(), v.finite()),
});

/**
 * Stores the data key unprotected in the vault's header: any program that can read the files can read
 * the tokens. Sealing still detects damage and swapped files; it hides nothing.
 */
export function unprotectedKeyProvider({ consentedAt }: Consent): KeyProvider {
  return {
    name: 'none',
    wrap: (dataKey) =>
      Promise.resolve(ok({ key: Buffer.from(dataKey).toString('base64'), consentedAt })),
    unwrap: (wrapped) => {
      const parsed = v.safeParse(wrappedKey, wrapped);
      return Promise.resolve(
        parsed.success
          ? ok(Buffer.from(parsed.output.key, 'base64'))
          : err({ code: 'vault-corrupt', quarantine: null }),
      );
    },
  };
}
