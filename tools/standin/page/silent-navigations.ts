/// <reference lib="dom" />

/**
 * Stops navigations to `blob:` documents and reports them. Chromium creates such documents without a request, so
 * the host has no other way to let the app decide.
 */
export function reportSilentNavigations(leave: (url: string) => void): void {
  navigation.addEventListener('navigate', (event) => {
    const { url } = event.destination;
    if (event.downloadRequest !== null || !url.startsWith('blob:')) return;
    event.preventDefault();
    leave(url);
  });
}
