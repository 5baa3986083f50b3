import { app, BrowserWindow } from 'electron';

// The least that an app with a window can be: what Keyfob's start is compared with.
void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 420, height: 640 });
  return window.loadFile('index.html');
});
