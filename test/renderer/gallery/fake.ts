import { createBridge } from '../../../preload/bridge.ts';
import type { IpcListener } from '../../../preload/bridge.ts';
import type { ClientCheck } from '../../../preload/contract.ts';
import type { LoginSnapshot } from '../../../common/snapshots.ts';
import { customizeMetadata, DEFAULT_CLIENT } from '../../../main/protocol/oauth/client-metadata.ts';
import { describeFailure } from '../../../common/failure-text.ts';
import { SCENES } from './scenes.ts';
import type { Scene } from './scene.ts';

declare global {
  interface Window {
    /** For specs: the window's requests in order, and controls from outside. */
    gallery: {
      readonly asked: (readonly unknown[])[];
      /** Pushes another scene's snapshot, as main would. */
      push(scene: string): void;
      /** The text size in percent, as a person sets it in the system. */
      setText(percent: number): void;
    };
  }
}

const query = new URLSearchParams(location.search);
const listeners = new Map<string, Set<IpcListener>>();
let scene = sceneOf(query.get('scene') ?? 'welcome');
let revision = scene.snapshot.app.revision;

Object.defineProperty(window, 'keyfob', {
  value: createBridge({
    invoke: (...call) => {
      window.gallery.asked.push(call);
      const [channel, ...args] = call;
      return Promise.resolve(answerTo(channel, args));
    },
    on: (channel, listener) =>
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener)),
    removeListener: (channel, listener) => listeners.get(channel)?.delete(listener),
  }),
});

window.gallery = {
  asked: [],
  push: (name) => {
    scene = sceneOf(name);
    revision += 1;
    for (const listener of listeners.get('app:changed') ?? []) listener({}, snapshot());
  },
  setText: (percent) => {
    document.documentElement.style.fontSize = `${0.875 * percent}%`;
  },
};

document.title = scene.name;
if (location.hash === '' && scene.at !== '') location.hash = scene.at;

function answerTo(channel: string, args: readonly unknown[]): unknown {
  if (scene.answers !== undefined && channel in scene.answers) return scene.answers[channel];
  switch (channel) {
    case 'app:snapshot':
      return snapshot();
    case 'exchange:list':
      return scene.exchanges ?? [];
    case 'client:defaults':
      return { client_name: DEFAULT_CLIENT.client_name, client_uri: DEFAULT_CLIENT.client_uri };
    case 'client:check':
      return clientCheck(args[0]);
    case 'login:start':
    case 'login:retry':
    case 'account:sign-in':
      return { ok: true, value: startedLogin() };
    default:
      return { ok: true, value: null };
  }
}

function snapshot(): unknown {
  return { ...scene.snapshot, app: { ...scene.snapshot.app, revision } };
}

function startedLogin(): LoginSnapshot {
  return { id: 'login-1', typed: 'example.org', label: null, state: { step: 'discovering' } };
}

function clientCheck(client: unknown): ClientCheck {
  const checked = customizeMetadata(DEFAULT_CLIENT, { ...(client as Record<string, unknown>) });
  if (checked.ok) return { ok: true, value: { fields: {} }, field: null };
  const { failure } = checked;
  const field = failure.code === 'client-metadata-invalid' ? failure.field : null;
  return { ok: false, failure: describeFailure(failure), field };
}

function sceneOf(name: string): Scene {
  const found = SCENES.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no scene ${name}.`);
  return found;
}
