/// <reference lib="dom" />

// Each of these runs in the page, as an attacker's script. They resolve when the browser has reported how
// every attempt ended, and return the names of those that succeeded.

/** Sends something to an address with every promise-based API. */
export async function tryFetching(http: string): Promise<readonly string[]> {
  const options = { mode: 'no-cors' } as const;
  const late = { ...options, method: 'POST', body: 'x', keepalive: true } as const;
  navigator.sendBeacon(http, 'x'); // says yes to everything
  const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
    fetch: () => fetch(http, options),
    'fetch that outlives the page': () => fetch(http, late),
    'fetch of a file': () => fetch('file:///etc/passwd', options),
    WebTransport: () => new WebTransport(http.replace('http', 'https')).ready,
    font: () => new FontFace('outside', `url(${http})`).load(),
    module: () => import(http),
    'service worker': () => navigator.serviceWorker.register('sw.js'),
  };
  const worked: string[] = [];
  for (const [name, run] of Object.entries(attempts)) {
    try {
      await run();
      worked.push(name);
    } catch {
      continue; // as it must
    }
  }
  return worked;
}

/** Loads an address with everything that fires an event. */
export async function tryLoading(http: string): Promise<readonly string[]> {
  const worked: string[] = [];
  const end = (name: string, target: EventTarget, good: string): Promise<void> =>
    new Promise((resolve) => {
      target.addEventListener('error', () => resolve());
      target.addEventListener(good, () => {
        worked.push(name);
        resolve();
      });
    });
  const element = (tag: string, members: object): HTMLElement =>
    document.body.appendChild(Object.assign(document.createElement(tag), members));
  // These report no result. A connection on this machine takes less time than the steps that follow.
  for (const rel of [
    'preconnect',
    'dns-prefetch',
    'prefetch',
    'modulepreload',
    'icon',
    'manifest',
  ]) {
    element('link', { rel, href: http });
  }
  element('a', { href: `${http}file`, download: 'from elsewhere', ping: http }).click();
  element('p', {}).style.background = `url(${http})`;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`body { list-style-image: url(${http}); cursor: url(${http}), auto }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const request = new XMLHttpRequest();
  request.open('GET', http);
  const asked = end('XMLHttpRequest', request, 'load');
  request.send();
  await asked;
  await end('img', element('img', { src: http }), 'load');
  await end('video', element('video', { src: http }), 'loadeddata');
  await end('stylesheet', element('link', { rel: 'stylesheet', href: http }), 'load');
  await end('WebSocket', new WebSocket(http.replace('http', 'ws')), 'open');
  await end('EventSource', new EventSource(http), 'open');
  return worked;
}

/** Tries to reach an address by WebRTC, as a STUN server over UDP and as a relay over TCP. */
export async function tryWebRtc(port: number): Promise<readonly string[]> {
  const ways: string[] = [];
  for (const urls of [`stun:127.0.0.1:${port}`, `turn:127.0.0.1:${port}?transport=tcp`]) {
    const server = { urls, username: 'x', credential: 'x' };
    const connection = new RTCPeerConnection({ iceServers: [server] });
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate !== null) ways.push(candidate.candidate);
    });
    const ended = new Promise<void>((resolve) => {
      connection.addEventListener('icegatheringstatechange', () => {
        if (connection.iceGatheringState === 'complete') resolve();
      });
    });
    connection.createDataChannel('outside');
    await connection.setLocalDescription(await connection.createOffer());
    await ended;
    connection.close();
  }
  return ways;
}

/** Navigates to an address, or opens it elsewhere, in every way but `location` itself. */
export function tryOpening(address: string): readonly string[] {
  const opened: string[] = [];
  const attempt = (name: string, run: () => unknown): void => {
    try {
      if (run() !== undefined) opened.push(name);
    } catch {
      return; // as it must
    }
  };
  const made = <K extends keyof HTMLElementTagNameMap>(tag: K, members: object) =>
    Object.assign(document.createElement(tag), members);
  attempt('window.open', () => window.open(address) ?? undefined);
  attempt('window.open by name', () => window.open(address, 'name', 'width=9') ?? undefined);
  attempt('window.open without opener', () => window.open(address, '', 'noopener') ?? undefined);
  attempt('pushState', () => {
    history.pushState(null, '', new URL(address));
    return location.href;
  });
  for (const target of ['_blank', '_top', 'name']) {
    const link = made('a', { href: address, target });
    link.click(); // in no document, so that no listener of it hears the click
    document.body.append(link);
    link.click();
    const form = made('form', { action: address, target, method: 'post' });
    document.body.append(form);
    attempt('form', () => form.submit());
    attempt('form with a button', () => form.requestSubmit());
  }
  for (const tag of ['iframe', 'object', 'embed'] as const) {
    attempt(tag, () => {
      document.body.append(made(tag, { src: address, data: address }));
    });
  }
  document.head.append(made('meta', { httpEquiv: 'refresh', content: `0;url=${address}` }));
  document.head.append(made('base', { href: address }));
  document.querySelectorAll('base, meta[http-equiv=refresh]').forEach((one) => one.remove());
  return opened;
}

/** Tries to run text as script, in every way. */
export async function tryRunningText(): Promise<readonly string[]> {
  // The debugger allows `eval` during its own call.
  await new Promise((resolve) => setTimeout(resolve));
  const ran: string[] = [];
  Object.assign(window, { ran });
  const text = (name: string): string => `window.ran.push(${JSON.stringify(name)})`;
  const as = (name: string): string => `<img src onerror='${text(name)}'>`;
  const blob = (name: string): string =>
    URL.createObjectURL(new Blob([text(name)], { type: 'text/javascript' }));
  const append = (tag: 'script' | 'a' | 'iframe', members: object): HTMLElement =>
    document.body.appendChild(Object.assign(document.createElement(tag), members));
  const later = setTimeout as (code: string) => number; // what its types no longer say
  const attempts: readonly (() => unknown)[] = [
    () => (0, eval)(text('eval')) as unknown,
    () => (Reflect.construct(Function, [text('Function')]) as () => unknown)(),
    () => later(text('setTimeout')),
    () => append('script', { textContent: text('inline script') }),
    () => append('script', { src: blob('script of a blob') }),
    () => append('script', { src: `data:text/javascript,${text('script of data')}` }),
    () => append('a', { href: `javascript:${text('link')}` }).click(),
    () => append('iframe', { src: `javascript:parent.${text('frame')}` }),
    () => append('iframe', { srcdoc: `<script>parent.${text('srcdoc')}</script>` }),
    () => document.body.setAttribute('onclick', text('attribute')),
    () => document.body.click(),
    () => (document.body.appendChild(document.createElement('p')).innerHTML = as('innerHTML')),
    () => document.body.insertAdjacentHTML('beforeend', as('insertAdjacentHTML')),
    () => document.createRange().createContextualFragment(as('fragment')),
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- old ways are still ways
    () => document.write(as('document.write')),
    () => import(`data:text/javascript,${text('module')}`),
    () => import(blob('module of a blob')),
    () => new Worker(blob('worker')),
    () => new SharedWorker(blob('shared worker')),
    () =>
      WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() =>
        ran.push('wasm'),
      ),
    () => (location.href = `javascript:${text('location')}`),
  ];
  for (const run of attempts) {
    try {
      await run();
    } catch {
      continue; // as it must
    }
  }
  return ran;
}
