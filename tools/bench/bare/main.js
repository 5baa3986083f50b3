import { app, BrowserWindow } from 'electron';

// The smallest app with a window, as a baseline for Keyfob's start.
void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 420, height: 640 });
  return window.loadFile('index.html');
});
