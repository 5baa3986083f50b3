import { main } from '../../main/cli/main.ts';
import { agentOnSocket } from '../agent/agent-on-socket.ts';
import { accountOf } from '../fixtures/fake-engine.ts';
import { FakeWorld } from './fake-io.ts';

/** What a command line ended with. */
export type Result = Readonly<{ exitCode: number; stdout: string; stderr: string }>;

/** Runs a command line against a fresh agent that knows `labels`; `again` runs another one. */
export async function run(argv: readonly string[], labels: readonly string[] = ['alice']) {
  const agent = await agentOnSocket();
  agent.engine.accounts = labels.map((label) => accountOf(label));
  const world = new FakeWorld();
  world.env.KEYFOB_SOCKET = agent.socket;
  const again = async (words: readonly string[]): Promise<Result> => {
    world.stdout = '';
    world.stderr = '';
    const exitCode = await main(words, world);
    return { exitCode, stdout: world.stdout, stderr: world.stderr };
  };
  return { ...agent, world, again, result: await again(argv) };
}
