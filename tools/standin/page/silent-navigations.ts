/// <reference lib="dom" />

/**
 * Stops the page on its way to a `blob:` document and reports that. Chromium makes such documents without a
 * request, so the host has no other way to ask the app first.
 */
export function reportSilentNavigations(leave: (url: string) => void): void {
  navigation.addEventListener('navigate', (event) => {
    const { url } = event.destination;
    if (event.downloadRequest !== null || !url.startsWith('blob:')) return;
    event.preventDefault();
    leave(url);
  });
}
