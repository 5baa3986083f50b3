/// <reference lib="dom" />
import { Bridge } from './bridge.ts';
import type { OpenRequest } from './messages.ts';

/**
 * Runs in the page's own world before any script of the page, and waits for the isolated world to send the hub,
 * once, in an event whose name the page can't guess.
 */
export function start(token: string): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- applied with its own this
  const { dispatchEvent } = EventTarget.prototype;
  const { apply } = Reflect;
  const Custom = CustomEvent;
  const Address = URL;
  const receive = (event: Event): void => {
    const hub = (event as MouseEvent).relatedTarget as Element; // what isolated-world.ts sends
    if (window === window.top) new Bridge('main', hub);
    // Electron returns null for a denied window; here a page never gets a handle to a window.
    window.open = (url = 'about:blank', frameName = '', features = '') => {
      const detail: OpenRequest = {
        url: new Address(url, location.href).href,
        frameName,
        features,
        disposition: features === '' ? 'foreground-tab' : 'new-window',
      };
      apply(dispatchEvent, hub, [new Custom('open', { detail })]);
      return null;
    };
  };
  window.addEventListener(token, receive, { once: true });
}

/**
 * Enforces `disable_non_proxied_udp` for peer connections. Without a proxy, that leaves only TCP relays. Chromium
 * itself accepts this policy only at startup.
 */
export function withoutUdp(): void {
  const held = (wish: RTCConfiguration = {}): RTCConfiguration => ({
    ...wish,
    iceTransportPolicy: 'relay',
    iceServers: wish.iceServers?.filter(({ urls }) => [urls].flat().every(isTcp)) ?? [],
  });
  class PeerConnection extends RTCPeerConnection {
    constructor(wish?: RTCConfiguration) {
      super(held(wish));
    }

    override setConfiguration(wish?: RTCConfiguration): void {
      super.setConfiguration(held(wish));
    }
  }
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) {
    Object.defineProperty(window, name, { value: PeerConnection, writable: true });
  }
}

function isTcp(url: string): boolean {
  return url.startsWith('turns:') || url.endsWith('?transport=tcp');
}
