/** How the sessions are kept, in words. */
export function protectionText(protection: string): string {
  switch (protection) {
    case 'passphrase':
      return 'sealed with a passphrase';
    case 'keychain':
      return "sealed by the system's keychain";
    case 'none':
      return 'NOT PROTECTED: any program that runs as you can read the sessions';
    default:
      return protection;
  }
}
