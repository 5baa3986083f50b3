import { isAbsolute } from 'node:path';

/** The preferences that are used; others are accepted and ignored. */
export type WebPreferences = Readonly<{
  preload?: string;
  additionalArguments?: readonly string[];
}> &
  Readonly<Record<string, unknown>>;

/** The values that isolate a page as Electron's security guide requires. */
const demanded = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
} as const;

/** @throws Error for a preference that weakens the page, or a preload whose path is not absolute */
export function checkWebPreferences(preferences: WebPreferences): void {
  for (const [name, wanted] of Object.entries(demanded)) {
    const given = preferences[name];
    if (given === undefined || given === wanted) continue;
    throw new Error(
      `electron stand-in: webPreferences.${name}: ${JSON.stringify(given)} is not provided, only ${String(wanted)}`,
    );
  }
  const { preload } = preferences;
  if (preload !== undefined && !isAbsolute(preload)) {
    throw new Error('preload script must have absolute path');
  }
}
