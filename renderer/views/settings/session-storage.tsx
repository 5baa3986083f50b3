import type { JSX } from 'preact';
import type { WindowSnapshot } from '../../../preload/contract.ts';
import { Group } from '../../components/group.tsx';
import { Notice } from '../../components/notice.tsx';
import { texts } from '../../texts/en.ts';

/** How the sessions are protected, and where the agent listens. */
export function SessionStorage({
  snapshot: { app, shell },
}: {
  snapshot: WindowSnapshot;
}): JSX.Element {
  const words = texts.settings;
  const { protection, warnings } = app.vault;
  return (
    <Group title={words.security}>
      <div class="row stack">
        <p>{words.protection[protection]}</p>
        {warnings.map((notice) => (
          <Notice key={notice.message} notice={notice} />
        ))}
        <dl class="facts">
          <div>
            <dt>{words.keyStorage}</dt>
            <dd>{shell.keyStorage}</dd>
          </div>
          <div>
            <dt>{words.socket}</dt>
            <dd>
              <code class="select">{shell.socket}</code>
              <p class="help">{words.socketHelp}</p>
            </dd>
          </div>
        </dl>
      </div>
    </Group>
  );
}
