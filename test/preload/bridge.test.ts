import { expect, test, vi } from 'vitest';
import { createBridge } from '../../preload/bridge.ts';
import type { IpcListener, IpcPort } from '../../preload/bridge.ts';
import { METHODS } from './window-methods.ts';

/** A fake `ipcRenderer` that records calls and can push. */
class FakeIpc implements IpcPort {
  readonly asked: (readonly unknown[])[] = [];
  readonly #listeners = new Map<string, Set<IpcListener>>();

  invoke(...call: readonly unknown[]): Promise<unknown> {
    this.asked.push(call);
    return Promise.resolve({ answerTo: call[0] });
  }

  on(channel: string, listener: IpcListener): void {
    const known = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, known.add(listener));
  }

  removeListener(channel: string, listener: IpcListener): void {
    this.#listeners.get(channel)?.delete(listener);
  }

  push(channel: string, ...args: readonly unknown[]): void {
    for (const listener of this.#listeners.get(channel) ?? [])
      listener({ sender: 'internals' }, ...args);
  }
}

test('createBridge() offers exactly these methods to the window', () => {
  expect(Object.keys(createBridge(new FakeIpc())).toSorted()).toEqual(METHODS);
});

test('createBridge() sends each method on its own channel with its own arguments', async () => {
  const ipc = new FakeIpc();
  const bridge = createBridge(ipc);
  const answer = await bridge.copyAccount('account-1', 'header');
  await bridge.answerLogin('login-1', true);
  await bridge.snapshot();
  expect([answer, ipc.asked]).toEqual([
    { answerTo: 'account:copy' },
    [['account:copy', 'account-1', 'header'], ['login:answer', 'login-1', true], ['app:snapshot']],
  ]);
});

test('createBridge() passes a push on without its event, until the undo is called', () => {
  const ipc = new FakeIpc();
  const listener = vi.fn();
  const undo = createBridge(ipc).onChanged(listener);
  ipc.push('app:changed', 'first', 'more than the contract names');
  ipc.push('exchange:added', 'of another channel');
  undo();
  ipc.push('app:changed', 'second');
  expect(listener.mock.calls).toEqual([['first']]);
});

test('createBridge() accepts only a function as listener', () => {
  const ipc = new FakeIpc();
  const bridge = createBridge(ipc);
  const wrong = [undefined, null, 'text', {}, Symbol('listener')] as never[]; // what the types forbid
  for (const listener of wrong) {
    expect(() => bridge.onChanged(listener)).toThrow('app:changed: a listener is a function');
  }
  expect(() => ipc.push('app:changed', 'heard by nobody')).not.toThrow();
});

test('createBridge() undoes only one of two equal subscriptions', () => {
  const ipc = new FakeIpc();
  const listener = vi.fn();
  const bridge = createBridge(ipc);
  const undo = bridge.onExchange(listener);
  bridge.onExchange(listener);
  undo();
  ipc.push('exchange:added', 'one');
  expect(listener.mock.calls).toEqual([['one']]);
});

test('createBridge() lets a rejection through: it means a bug in main', async () => {
  const ipc = new FakeIpc();
  ipc.invoke = () => Promise.reject(new TypeError('login:start: arguments refused'));
  await expect(createBridge(ipc).startLogin({ server: '', label: '', client: {} })).rejects.toThrow(
    'login:start: arguments refused',
  );
});
