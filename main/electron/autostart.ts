import { app } from 'electron';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AutostartPlan } from '../desktop/autostart.ts';

/** Does what a plan says. False: the system would not. */
export async function carryOut(plan: AutostartPlan): Promise<boolean> {
  try {
    switch (plan.kind) {
      case 'login-item':
        app.setLoginItemSettings({
          openAtLogin: plan.openAtLogin,
          // macOS starts the app itself, and passes nothing on.
          ...(process.platform === 'win32' && { path: plan.path, args: [...plan.args] }),
        });
        return true;
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
