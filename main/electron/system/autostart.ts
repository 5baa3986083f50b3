import { app } from 'electron';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HIDDEN_FLAG, isSwitchedOn, renewedEntry } from '../../desktop/system/autostart.ts';
import type { AutostartPlan } from '../../desktop/system/autostart.ts';

/** Whether the computer started us, and no person. macOS passes no argument on, but tells. */
export function wasStartedAtLogin(): boolean {
  if (process.argv.includes(HIDDEN_FLAG)) return true;
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}

/** Does what a plan says. False: the system would not. */
export async function applyAutostart(plan: AutostartPlan): Promise<boolean> {
  try {
    switch (plan.kind) {
      case 'login-item': {
        const { openAtLogin } = plan;
        app.setLoginItemSettings({ openAtLogin, ...namesOf(plan) });
        // It does not say when it fails; macOS may want the person's approval first.
        return app.getLoginItemSettings(namesOf(plan)).openAtLogin === openAtLogin;
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

/**
 * Brings what starts us up to date where there is something that does, and tells whether it will: the
 * person may have changed that by the system's own settings. Null: the system does not tell.
 *
 * @param plan for the wish to be started
 */
export async function syncAutostart(plan: AutostartPlan): Promise<boolean | null> {
  try {
    switch (plan.kind) {
      case 'login-item':
        return willStart(app.getLoginItemSettings(namesOf(plan)));
      case 'file': {
        if (!existsSync(plan.path)) return false;
        const entry = await readFile(plan.path, 'utf8');
        const renewed = renewedEntry(entry, plan);
        if (renewed !== null) await writeFile(plan.path, renewed);
        return isSwitchedOn(entry);
      }
      case 'impossible':
        return null;
    }
  } catch {
    return null; // It is not ours to read or write.
  }
}

/** Windows keeps what the person switched off in its own list, and tells that apart. */
function willStart(item: Electron.LoginItemSettings): boolean {
  return process.platform === 'win32' ? item.executableWillLaunchAtLogin : item.openAtLogin;
}

/** macOS starts the app itself, and passes nothing on. */
function namesOf({ path, args }: Extract<AutostartPlan, { kind: 'login-item' }>) {
  return process.platform === 'win32' ? { path, args: [...args] } : {};
}
