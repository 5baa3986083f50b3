import { strictEmitter } from '../app/strict-emitter.ts';

/**
 * Tests simulate sleep and locking by emitting its events.
 *
 * @see {@link https://www.electronjs.org/docs/latest/api/power-monitor}
 */
export class PowerMonitor extends strictEmitter('powerMonitor') {
  readonly onBatteryPower = false;

  isOnBatteryPower(): boolean {
    return this.onBatteryPower;
  }

  getSystemIdleState(_thresholdS: number): 'active' {
    return 'active';
  }

  getSystemIdleTime(): number {
    return 0;
  }

  getCurrentThermalState(): 'unknown' {
    return 'unknown';
  }
}

/** The `powerMonitor` of this process. */
export const powerMonitor = new PowerMonitor();
