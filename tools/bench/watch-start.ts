import { app, Tray } from 'electron';

// Loaded with `-r` before an app whose start is measured. Prints when its tray was ready and when its window was
// first painted, and then ends it.

/**
 * The output, in epoch milliseconds. `trayAt` null: the app has no tray, or the desktop has none.
 */
export type StartMoments = Readonly<{ trayAt: number | null; paintedAt: number }>;

const FIRST_PAINT = `new Promise((resolve) => {
  const look = (list) => {
    const paint = list.getEntries().find(({ name }) => name === 'first-paint');
    if (paint !== undefined) resolve(performance.timeOrigin + paint.startTime);
  };
  new PerformanceObserver(look).observe({ type: 'paint', buffered: true });
})`;

let trayAt: number | null = null;

// The last property that is set on an icon on every system.
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
  const paintedAt = (await contents.executeJavaScript(FIRST_PAINT)) as number; // created above
  const moments: StartMoments = { trayAt, paintedAt };
  process.stdout.write(`${JSON.stringify(moments)}\n`, () => app.quit());
}
