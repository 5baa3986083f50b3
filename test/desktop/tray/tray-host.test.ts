import { expect, test } from 'vitest';
import { watchNetwork } from '../../../main/desktop/system/network.ts';
import { concealingMarks } from '../../../main/desktop/system/concealed-formats.ts';
import { awaitTrayHost, hasTrayHost } from '../../../main/desktop/tray/tray-host.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';

function host(answers: Readonly<Record<string, string>>, desktop?: string, platform = 'linux') {
  const run = (program: string) => Promise.resolve(answers[program] ?? null);
  const env = { XDG_CURRENT_DESKTOP: desktop };
  return hasTrayHost({ platform: platform as NodeJS.Platform, env, run }); // one of the three
}

test("hasTrayHost() queries the session bus with any available program, and otherwise goes by the desktop's name", async () => {
  expect(
    await Promise.all([
      host({ gdbus: '(true,)\n' }, 'GNOME'),
      host({ gdbus: '(false,)\n' }, 'KDE'),
      host({ busctl: 'b true\n' }),
      host({ 'dbus-send': '   boolean false\n' }),
      host({ gdbus: 'Error', 'dbus-send': '   boolean true' }),
      host({}, 'ubuntu:GNOME'),
      host({}, 'XFCE'),
      host({}),
      host({}, 'GNOME', 'darwin'),
    ]),
  ).toEqual([true, false, true, false, true, false, true, true, true]);
});

test('awaitTrayHost() waits a few seconds for a late panel, not forever', async () => {
  const found = async (cameAfterMs: number) => {
    const clock = new FakeClock();
    let asked = 0;
    const run = () => {
      asked += 1;
      return Promise.resolve(clock.monotonicNow() >= cameAfterMs ? '(true,)' : '(false,)');
    };
    const awaited = awaitTrayHost({ platform: 'linux', env: {}, run }, clock);
    await clock.advance(60_000);
    return [await awaited, asked];
  };
  expect([await found(0), await found(4_500), await found(11_000)]).toEqual([
    [true, 1],
    [true, 6],
    [false, 11],
  ]);
});

test('watchNetwork() reports each return of the network once', async () => {
  const clock = new FakeClock();
  let online = true;
  let back = 0;
  const undo = watchNetwork(
    () => online,
    clock,
    () => (back += 1),
  );
  await clock.advance(10_000);
  online = false;
  await clock.advance(10_000);
  online = true;
  await clock.advance(10_000);
  undo();
  await clock.advance(10_000);
  expect([back, clock.sleepers]).toEqual([1, 0]);
});

test('concealingMarks() returns the formats of each platform', () => {
  const marks = (['darwin', 'win32', 'linux'] as const).map((platform) =>
    concealingMarks(platform).map(({ format, bytes }) => [
      format,
      Buffer.from(bytes).toString('hex'),
    ]),
  );
  expect(marks).toEqual([
    [['org.nspasteboard.ConcealedType', '00']],
    [
      ['ExcludeClipboardContentFromMonitorProcessing', '00'],
      ['CanIncludeInClipboardHistory', '00000000'],
      ['CanUploadToCloudClipboard', '00000000'],
    ],
    [['x-kde-passwordManagerHint', '736563726574']],
  ]);
});
