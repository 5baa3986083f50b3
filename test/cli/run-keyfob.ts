import { main } from '../../main/cli/main.ts';
import { agentOnSocket } from '../agent/agent-on-socket.ts';
import { accountOf } from '../fixtures/fake-engine.ts';
import { FakeIo } from './fake-io.ts';

/** What a command line ended with. */
export type Result = Readonly<{ exitCode: number; stdout: string; stderr: string }>;

/** Runs a command line against a fresh agent that knows `labels`; `again` runs another one. */
export async function run(argv: readonly string[], labels: readonly string[] = ['alice']) {
  const agent = await agentOnSocket();
  agent.engine.accounts = labels.map((label) => accountOf(label));
  const io = new FakeIo();
  io.env.KEYFOB_SOCKET = agent.socket;
  const again = async (words: readonly string[]): Promise<Result> => {
    io.stdout = '';
    io.stderr = '';
    const exitCode = await main(words, io);
    return { exitCode, stdout: io.stdout, stderr: io.stderr };
  };
  return { ...agent, io, again, result: await again(argv) };
}
