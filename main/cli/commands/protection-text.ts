/** How the stored sessions are protected. */
export function protectionText(protection: string): string {
  switch (protection) {
    case 'passphrase':
      return 'encrypted with your passphrase';
    case 'keychain':
      return 'encrypted with a key in your system keychain';
    case 'none':
      return 'NOT PROTECTED: any program running as you can read your sessions';
    default:
      return protection;
  }
}
