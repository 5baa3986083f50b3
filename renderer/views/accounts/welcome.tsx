import type { JSX } from 'preact';
import type { WindowSnapshot } from '../../../preload/contract.ts';
import { CopyIcon, KeyfobIcon, LockIcon, RefreshIcon } from '../../components/icons.tsx';
import { Bar, useFocusedTitle } from '../../components/page.tsx';
import { texts } from '../../texts/en.ts';
import { MainActions } from './main-actions.tsx';
import { Notices } from '../notices.tsx';
import { ServerForm } from '../login/server-form.tsx';

const LINE_ICONS = [<LockIcon />, <RefreshIcon />, <CopyIcon />];

/** The first run: what Keyfob is, in three lines, and the one required field. */
export function Welcome({ snapshot }: { snapshot: WindowSnapshot }): JSX.Element {
  return (
    <>
      <Bar actions={<MainActions />}>
        <span class="title">{texts.app}</span>
      </Bar>
      <main class="page welcome">
        <Notices snapshot={snapshot} />
        <KeyfobIcon />
        <h1 ref={useFocusedTitle()} tabIndex={-1}>
          {texts.welcome.title}
        </h1>
        <ul class="welcome-lines">
          {texts.welcome.lines.map((line, index) => (
            <li key={line}>
              {LINE_ICONS[index]}
              {line}
            </li>
          ))}
        </ul>
        <ServerForm brief />
      </main>
    </>
  );
}
