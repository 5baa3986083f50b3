import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { takeInstanceLock } from './host/app/instance-lock.ts';
import { IpcMain } from './host/window/ipc-main.ts';
import { Menu } from './host/system/menu.ts';
import { nativeImage, toImage } from './host/system/native-image.ts';
import { emitPreventable } from './host/app/preventable.ts';
import { running } from './host/app/running.ts';
import { fromWire, protocol, toWire } from './host/session/schemes.ts';
import { strictEmitter } from './host/app/strict-emitter.ts';
import { PageEmitter } from './page/emitter.ts';
import { strictObject } from './strict.ts';

const folders: string[] = [];
const icon = join(import.meta.dirname, 'sample/icon.png');

afterEach(() => {
  running.ready = false;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'standin-'));
  folders.push(folder);
  return folder;
}

test('strictObject() throws for unknown names only', () => {
  const object = strictObject('thing', { a: undefined }, ['absent']) as Record<string, unknown>;
  expect([object.a, object.absent, object.toString === Object.prototype.toString]).toEqual([
    undefined,
    undefined,
    true,
  ]);
  expect(() => object.b).toThrow('electron stand-in: thing.b is not provided');
});

test('strictEmitter() makes a working emitter; its class and instances throw for unknown names', () => {
  class Thing extends strictEmitter('Thing') {
    readonly own = 1;
  }
  const thing = new Thing();
  const heard: unknown[] = [];
  thing.once('event', (value) => heard.push(value));
  thing.emit('event', 1);
  thing.emit('event', 2);
  expect([heard, thing.own, thing.listenerCount('event')]).toEqual([[1], 1, 0]);
  expect(() => Reflect.get(thing, 'other') as unknown).toThrow('Thing.other is not provided');
  expect(() => Reflect.get(Thing, 'other') as unknown).toThrow('Thing.other is not provided');
});

test('emitPreventable() reports whether a listener called preventDefault()', () => {
  const emitter = new IpcMain();
  const before = emitPreventable(emitter, 'close');
  emitter.on('close', (event: { preventDefault(): void }) => event.preventDefault());
  expect([before, emitPreventable(emitter, 'close')]).toEqual([true, false]);
});

test('toWire() and fromWire() map a handled scheme to an origin of its own and back', () => {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true } },
    { scheme: 'plain' },
  ]);
  running.ready = true;
  const before = toWire('app://host/x');
  protocol.handle('app', () => new Response());
  const urls = ['app://host/a/b?c#d', 'app://host', 'app://-/x', 'https://example.org/'];
  expect([before, urls.map(toWire), urls.map(toWire).map(fromWire)]).toEqual([
    'app://host/x',
    [
      'https://host.app.standin.invalid/a/b?c#d',
      'https://host.app.standin.invalid/',
      'https://-.app.standin.invalid/x',
      'https://example.org/',
    ],
    ['app://host/a/b?c#d', 'app://host/', 'app://-/x', 'https://example.org/'],
  ]);
  expect(() => protocol.handle('plain', () => new Response())).toThrow('is not provided');
  expect(() => protocol.handle('app', () => new Response())).toThrow('Failed to register');
  expect(() => protocol.registerSchemesAsPrivileged([])).toThrow('before app is ready');
});

test('takeInstanceLock() gives the lock to one process and delivers the message of the other', async () => {
  const folder = freshFolder();
  const second = { argv: ['electron', 'app', '--flag'], cwd: '/somewhere', data: { n: 1 } };
  const heard = vi.fn();
  const release = takeInstanceLock(folder, second, heard);
  const other = takeInstanceLock(folder, second, () => undefined);
  await vi.waitFor(() => expect(heard.mock.calls).toEqual([[second]]));
  release?.();
  const again = takeInstanceLock(folder, second, () => undefined);
  expect([typeof release, other, typeof again]).toEqual(['function', undefined, 'function']);
  again?.();
  expect(readdirSync(folder)).toEqual(['standin-mailbox']);
});

test('takeInstanceLock() takes over from a process that has died', () => {
  const folder = freshFolder();
  writeFileSync(join(folder, 'standin.lock'), '999999999');
  const release = takeInstanceLock(folder, { argv: [], cwd: '', data: null }, () => undefined);
  expect(typeof release).toBe('function');
  release?.();
});

test('IpcMain refuses a second handler, and a handler that is not a function', () => {
  const ipc = new IpcMain();
  ipc.handle('a', () => 1);
  expect(() => ipc.handle('a', () => 2)).toThrow("Attempted to register a second handler for 'a'");
  expect(() => ipc.handle('b', 'text' as never)).toThrow(
    "Expected handler to be a function, but found type 'string'",
  );
  expect(() => ipc._handle('b', {}, [])).toThrow("No handler registered for 'b'");
});

test('Menu keeps checkboxes and radio groups as a desktop does', () => {
  const clicked: string[] = [];
  const click = ({ id }: { id: string }): void => void clicked.push(id);
  const menu = Menu.buildFromTemplate([
    { id: 'check', label: 'Check', type: 'checkbox', click },
    { id: 'one', label: 'One', type: 'radio', checked: true },
    { id: 'two', label: 'Two', type: 'radio', click },
    { id: 'off', label: 'Off', enabled: false, click },
    { label: 'More', submenu: [{ id: 'deep', label: 'Deep', click }] },
  ]);
  for (const id of ['check', 'two', 'off', 'deep']) menu.getMenuItemById(id)?.click();
  const checked = menu.items.filter((item) => item.checked).map(({ id }) => id);
  expect([clicked, checked]).toEqual([
    ['check', 'two', 'deep'],
    ['check', 'two'],
  ]);
});

test('Menu refuses templates that Electron refuses, and options that are not provided', () => {
  const build = (template: unknown) => () => Menu.buildFromTemplate(template as never);
  expect(build({})).toThrow('Menu template must be an array');
  expect(build([{}])).toThrow('must have at least one of label, role or type');
  expect(build([{ label: 'a', before: ['b'] }])).toThrow("option 'before' is not provided");
  expect(build([{ role: 'nonsense' }])).toThrow("the role 'nonsense' is not provided");
});

test('nativeImage reads the size of a PNG and treats anything else as empty', () => {
  const image = nativeImage.createFromPath(icon);
  const halved = image.resize({ width: 8 });
  expect([
    image.getSize(),
    halved.getSize(),
    nativeImage.createFromDataURL(image.toDataURL()).getSize(),
    nativeImage.createFromPath('/nowhere').isEmpty(),
    nativeImage.createFromBuffer(Buffer.from('<svg/>')).isEmpty(),
  ]).toEqual([
    { width: 16, height: 16 },
    { width: 8, height: 8 },
    { width: 16, height: 16 },
    true,
    true,
  ]);
  expect(() => toImage('/nowhere')).toThrow("Failed to load image from path '/nowhere'");
});

test('PageEmitter behaves like a Node event emitter', () => {
  const emitter = new PageEmitter();
  const heard: string[] = [];
  const late = (): void => void heard.push('late');
  emitter.on('event', late).once('event', () => heard.push('once'));
  emitter.prependListener('event', () => heard.push('first'));
  emitter.emit('event');
  emitter.off('event', late);
  emitter.emit('event');
  expect([heard, emitter.listenerCount('event'), emitter.emit('nothing')]).toEqual([
    ['first', 'late', 'once', 'first'],
    1,
    false,
  ]);
  expect(() => emitter.emit('error', new Error('unheard'))).toThrow('unheard');
});
