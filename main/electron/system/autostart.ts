import { app } from 'electron';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HIDDEN_FLAG, isSwitchedOn, renewedEntry } from '../../desktop/system/autostart.ts';
import type { AutostartPlan } from '../../desktop/system/autostart.ts';

/** Whether the app was started at login, not by the person. macOS passes no argument, but has a flag for it. */
export function wasStartedAtLogin(): boolean {
  if (process.argv.includes(HIDDEN_FLAG)) return true;
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}

/** Carries out a plan. False: the system refused. */
export async function applyAutostart(plan: AutostartPlan): Promise<boolean> {
  try {
    switch (plan.kind) {
      case 'login-item': {
        const { openAtLogin } = plan;
        app.setLoginItemSettings({ openAtLogin, ...namesOf(plan) });
        // It reports no failure; macOS may require the person's approval first.
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
    return false; // The caller reports the failure, whatever its cause.
  }
}

/**
 * Updates an existing autostart entry and returns whether the system will start the app: the person may
 * have changed that in the system's own settings. Null: unknown.
 *
 * @param plan the plan for starting at login
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
    return null; // The entry can't be read or written.
  }
}

/** Windows keeps entries the person disabled in a list of its own, and reports them separately. */
function willStart(item: Electron.LoginItemSettings): boolean {
  return process.platform === 'win32' ? item.executableWillLaunchAtLogin : item.openAtLogin;
}

/** macOS takes no path or arguments: it starts the app bundle. */
function namesOf({ path, args }: Extract<AutostartPlan, { kind: 'login-item' }>) {
  return process.platform === 'win32' ? { path, args: [...args] } : {};
}
