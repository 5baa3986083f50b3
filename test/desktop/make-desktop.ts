import type { Requests, SettingsSnapshot } from '../../preload/contract.ts';
import { Desktop } from '../../main/desktop/desktop.ts';
import type { DesktopPorts } from '../../main/desktop/desktop.ts';
import { answerRequest, routes } from '../../main/desktop/routes.ts';
import { InspectorLog } from '../../main/desktop/inspector.ts';
import { FakeClock } from '../fixtures/fake-clock.ts';
import { cloning } from '../fixtures/cloning-engine.ts';
import { accountOf, FakeEngine, NOW, waitingState } from '../fixtures/fake-engine.ts';

/** A desktop with the account `alice` and the sign-in `l1`, and what it did to the system. */
export function makeDesktop(changes: Partial<DesktopPorts> = {}, tray = true) {
  const engine = new FakeEngine();
  engine.accounts = [accountOf('alice')];
  const login = { id: 'l1', typed: 'example.org', label: null, state: waitingState() };
  engine.logins = [login];
  const acts: unknown[] = [];
  let board = '';
  let kept: unknown = {};
  const ports: DesktopPorts = {
    clock: new FakeClock(NOW),
    clipboard: {
      write: (text) => {
        board = text;
        return Promise.resolve();
      },
      readText: () => Promise.resolve(board),
      clear: () => {
        board = '';
        return Promise.resolve();
      },
    },
    settings: { read: () => kept, write: (next) => (kept = next) },
    openExternal: (url) => {
      acts.push(['open', url]);
      return Promise.resolve();
    },
    autostart: ({ startAtLogin }: SettingsSnapshot) => {
      acts.push(['autostart', startAtLogin]);
      return Promise.resolve(true);
    },
    applySettings: ({ theme }) => acts.push(['theme', theme]),
    showWindow: (view) => acts.push(['show', view]),
    hideWindow: () => acts.push(['hide']),
    quit: () => acts.push(['quit']),
    ...changes,
  };
  const facts = {
    version: '0.1.0',
    platform: 'linux',
    keyStorage: 'KWallet',
    tray,
    canStartAtLogin: true,
    socket: '/run/agent.sock',
  } as const;
  const desktop = new Desktop(cloning(engine), engine.current(), new InspectorLog(), ports, facts);
  const table = routes(desktop);
  const ask = <C extends keyof Requests>(channel: C, ...args: unknown[]) =>
    answerRequest(channel, table[channel], args);
  return { acts, ask, board: () => board, desktop, engine, kept: () => kept, table };
}
