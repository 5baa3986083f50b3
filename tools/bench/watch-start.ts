import { app, Tray } from 'electron';

// Loaded with `-r` before an app whose start is timed. Says when its tray was ready and when its window was
// first painted, and ends it then.

/** What is printed: epoch milliseconds. `trayAt` null: the app has no tray, or the desktop none for it. */
export type StartMoments = Readonly<{ trayAt: number | null; paintedAt: number }>;

const FIRST_PAINT = `new Promise((resolve) => {
  const look = (list) => {
    const paint = list.getEntries().find(({ name }) => name === 'first-paint');
    if (paint !== undefined) resolve(performance.timeOrigin + paint.startTime);
  };
  new PerformanceObserver(look).observe({ type: 'paint', buffered: true });
})`;

let trayAt: number | null = null;

// The last thing that is given to an icon on every system.
const icons: { setToolTip: (toolTip: string) => void } = Tray.prototype;
const { setToolTip } = icons;
icons.setToolTip = function (this: Tray, toolTip: string) {
  setToolTip.call(this, toolTip);
  trayAt ??= Date.now();
};

app.on('web-contents-created', (_event, contents) => {
  contents.once('did-finish-load', () => void tell(contents));
});

async function tell(contents: Electron.WebContents): Promise<void> {
  const paintedAt = (await contents.executeJavaScript(FIRST_PAINT)) as number; // made above
  const moments: StartMoments = { trayAt, paintedAt };
  process.stdout.write(`${JSON.stringify(moments)}\n`, () => app.quit());
}
