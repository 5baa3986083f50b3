/** The backend that stores the key of `safeStorage`, by Electron's names. */
export type Backend =
  'basic_text' | 'gnome_libsecret' | 'kwallet' | 'kwallet5' | 'kwallet6' | 'unknown';

const bySwitch: Readonly<Record<string, Backend>> = {
  basic: 'basic_text',
  'gnome-libsecret': 'gnome_libsecret',
  kwallet: 'kwallet',
  kwallet5: 'kwallet5',
  kwallet6: 'kwallet6',
};

const withLibsecret = /\b(X-Cinnamon|Deepin|GNOME|Pantheon|XFCE|UKUI|unity)\b/;

/**
 * Chooses the keyring as Electron does on Linux: by `--password-store`, otherwise by the desktop's name.
 *
 * @see {@link https://www.electronjs.org/docs/latest/api/safe-storage#safestoragegetselectedstoragebackend-linux}
 */
export function backendFor(
  passwordStore: string | undefined,
  desktopName: string | undefined,
): Backend {
  const chosen = passwordStore === undefined ? undefined : bySwitch[passwordStore];
  if (chosen !== undefined) return chosen;
  return withLibsecret.test(desktopName ?? '') ? 'gnome_libsecret' : 'basic_text';
}
