import { app } from 'electron';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HIDDEN_FLAG, renewedEntry } from '../desktop/autostart.ts';
import type { AutostartPlan } from '../desktop/autostart.ts';

/** Whether the computer started us, and no person. macOS passes no argument on, but tells. */
export function wasStartedAtLogin(): boolean {
  if (process.argv.includes(HIDDEN_FLAG)) return true;
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}

/** Does what a plan says. False: the system would not. */
export async function carryOut(plan: AutostartPlan): Promise<boolean> {
  try {
    switch (plan.kind) {
      case 'login-item': {
        const { path, args, openAtLogin } = plan;
        // macOS starts the app itself, and passes nothing on.
        const named = process.platform === 'win32' ? { path, args: [...args] } : {};
        app.setLoginItemSettings({ openAtLogin, ...named });
        // It does not say when it fails; macOS may want the person's approval first.
        return app.getLoginItemSettings(named).openAtLogin === openAtLogin;
      }
      case 'file':
        if (plan.content === null) {
          await rm(plan.path, { force: true });
        } else {
          await mkdir(dirname(plan.path), { recursive: true });
          await writeFile(plan.path, plan.content);
        }
        return true;
      case 'impossible':
        return false;
    }
  } catch {
    return false; // Whatever the system's reason, the person hears that it did not work.
  }
}

/** Brings what starts us up to date, where there still is something that does. */
export async function renew(plan: AutostartPlan): Promise<void> {
  if (plan.kind !== 'file') return;
  try {
    const renewed = renewedEntry(await readFile(plan.path, 'utf8'), plan);
    if (renewed !== null) await writeFile(plan.path, renewed);
  } catch {
    // The person removed it by the desktop's own settings, or it is not ours to write: both are theirs.
  }
}
