import { ensureBrowser } from '../ensure-browser.ts';
import { buildStandin } from '../standin/build.ts';

/** A browser, and the stand-in: the agent is part of its build, so both hosts need it. */
export default async function setUp(): Promise<void> {
  ensureBrowser();
  await buildStandin();
}
