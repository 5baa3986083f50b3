const api = /^urn:matrix:(?:client|org\.matrix\.msc2967\.client):api:\*$/;
const device = /^urn:matrix:(?:client|org\.matrix\.msc2967\.client):device:(.+)$/;

/** What a scope requests. */
export type ScopeWish = Readonly<{
  tokens: readonly string[];
  /** Whether it includes the client-server API. */
  api: boolean;
  deviceIds: readonly string[];
  /** Whether it mixes stable and unstable names. */
  mixed: boolean;
}>;

/** Parses a scope, token by token, in both of Matrix's spellings. */
export function readScope(scope: string): ScopeWish {
  const tokens = scope.split(' ').filter((token) => token !== '');
  const matrix = tokens.filter((token) => api.test(token) || device.test(token));
  const unstable = matrix.filter((token) => token.includes('msc2967'));
  return {
    tokens,
    api: tokens.some((token) => api.test(token)),
    deviceIds: tokens.flatMap((token) => device.exec(token)?.[1] ?? []),
    mixed: unstable.length > 0 && unstable.length < matrix.length,
  };
}
