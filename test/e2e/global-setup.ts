import { ensureBrowser } from './ensure-browser.ts';
import { buildStandin } from '../../tools/standin/build.ts';
import { hostKind } from './host-kind.ts';

/** The agent is part of the stand-in's build, so both hosts need it. Electron brings its own browser. */
export default async function setUp(): Promise<void> {
  if (hostKind() === 'standin') ensureBrowser();
  await buildStandin();
}
