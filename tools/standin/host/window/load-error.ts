/** Chromium's error codes for the ways a document can fail to load here. */
const codes: Readonly<Record<string, number>> = {
  ERR_FAILED: -2,
  ERR_ABORTED: -3,
  ERR_FILE_NOT_FOUND: -6,
  ERR_ACCESS_DENIED: -10,
  ERR_BLOCKED_BY_CLIENT: -20,
  ERR_CONNECTION_REFUSED: -102,
  ERR_NAME_NOT_RESOLVED: -105,
};

/** Electron's error for a document that fails to load; `text` is Chromium's name for it (`net::ERR_...`). */
export function loadError(text: string, url: string) {
  const description = text.replace('net::', '');
  const code = codes[description] ?? -2;
  const error = Object.assign(new Error(`${description} (${code}) loading '${url}'`), {
    code: description,
    errno: code,
    url,
  });
  return { code, description, error };
}
