import { parseArgs } from 'node:util';
import { lineLog } from '../../main/host/logger.ts';
import type { PersonalityName } from '../homeserver/personality.ts';
import { DemoFailed } from './steps.ts';
import type { DemoView } from './steps.ts';
import type { DemoWish } from './story.ts';
import { tellStory } from './story.ts';
import { jsonDemo, WordsDemo } from './words.ts';

const PERSONALITIES: readonly PersonalityName[] = [
  'mas',
  'tuwunel',
  'continuwuity',
  'oidc-provider',
];

const USAGE = `Usage: npm run demo -- [options]

  --personality NAME   kind of test homeserver: ${PERSONALITIES.join(', ')}
  --manual             approve in the browser yourself instead of having a script do it
  --server SERVER      use a real homeserver (you approve in the browser)
  --json               one JSON object per step
`;

type Options = Readonly<{ wish: DemoWish; json: boolean }>;

function readOptions(): Options | string {
  try {
    const { values } = parseArgs({
      options: {
        personality: { type: 'string', default: 'mas' },
        manual: { type: 'boolean', default: false },
        server: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return '';
    const personality = PERSONALITIES.find((name) => name === values.personality);
    if (personality === undefined) return `Unknown kind of homeserver "${values.personality}".`;
    const server = values.server ?? null;
    const log = lineLog('warn', Date.now, (line) => process.stderr.write(line));
    const wish = { personality, server, manual: values.manual || server !== null, log };
    return { wish, json: values.json };
  } catch (error) {
    // parseArgs throws only for options it doesn't know; its message names the option.
    return error instanceof Error ? error.message : String(error);
  }
}

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === 'string') {
    process.stderr.write(options === '' ? USAGE : `${options}\n\n${USAGE}`);
    return options === '' ? 0 : 2;
  }
  const view: DemoView = options.json ? jsonDemo : new WordsDemo();
  try {
    await tellStory(options.wish, view);
    return 0;
  } catch (error) {
    if (!(error instanceof DemoFailed)) throw error;
    view.show({ step: 'failed', ok: false, error: error.error });
    return 1;
  } finally {
    view.close();
  }
}

process.exitCode = await main();
