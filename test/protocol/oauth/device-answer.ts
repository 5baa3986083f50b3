import type { DeviceAuthorizationResponse } from '../../../main/protocol/oauth/device-authorization.ts';
import type { Failure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';

/** The requested device ID. */
export const DEVICE_ID = 'ABCDEFGHIJKL';
/** The requested scope. */
export const STABLE = ['urn:matrix:client:api:*', `urn:matrix:client:device:${DEVICE_ID}`];
/** The same, unstable. */
export const UNSTABLE = [
  'urn:matrix:org.matrix.msc2967.client:api:*',
  `urn:matrix:org.matrix.msc2967.client:device:${DEVICE_ID}`,
];

/** A device authorization response with every field. */
export const FULL = {
  device_code: 'device-code-1',
  user_code: '7XK0QB',
  verification_uri: 'https://auth.example.org/link',
  verification_uri_complete: 'https://auth.example.org/link?code=7XK0QB',
  expires_in: 1200,
  interval: 7,
};

/** {@link FULL} as read, with its secret revealed and its URLs as text. */
export const READ = {
  deviceCode: 'device-code-1',
  userCode: '7XK0QB',
  verificationUri: 'https://auth.example.org/link',
  verificationUriComplete: 'https://auth.example.org/link?code=7XK0QB',
  intervalMs: 7_000,
  lifetimeMs: 1_200_000,
  deviceId: DEVICE_ID,
  scope: STABLE,
};

/** A response with its secret revealed and its URLs as text, or the failure. */
export function opened(outcome: Result<DeviceAuthorizationResponse, Failure>): unknown {
  if (!outcome.ok) return outcome.failure;
  const { deviceCode, verificationUri, verificationUriComplete, ...rest } = outcome.value;
  return {
    ...rest,
    deviceCode: deviceCode.reveal(),
    verificationUri: verificationUri.href,
    verificationUriComplete: verificationUriComplete?.href ?? null,
  };
}
