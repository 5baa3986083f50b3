import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { SettingsSnapshot, WindowSnapshot } from '../../../preload/contract.ts';
import { Switch } from '../../components/field.tsx';
import { Group } from '../../components/group.tsx';
import { Page, useGoHome } from '../../components/page.tsx';
import { awaitReply, useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';
import { ClipboardTime } from './clipboard-time.tsx';
import { SessionStorage } from './session-storage.tsx';
import { Theme } from './theme.tsx';

type Change = (part: Partial<SettingsSnapshot>) => void;

/** The person's settings, and how sessions are stored. */
export function Settings({ snapshot }: { snapshot: WindowSnapshot }): JSX.Element {
  const state = useApp();
  const { settings, shell } = snapshot;
  const [, drawAgain] = useState(0);
  const change: Change = (part) =>
    void awaitReply(state, state.keyfob.changeSettings(part)).then((done) => {
      // The browser has already moved the control: a refused change is undone by drawing again.
      if (done === null) drawAgain((times) => times + 1);
    });
  const words = texts.settings;
  return (
    <Page title={words.title} onBack={useGoHome()}>
      <div class="stack settings">
        <Startup snapshot={snapshot} change={change} />
        <Group title={words.accounts}>
          <Switch
            label={words.keepFresh}
            help={words.keepFreshHelp}
            checked={settings.keepFresh}
            onSwitch={(keepFresh) => change({ keepFresh })}
          />
        </Group>
        <Group title={words.clipboard}>
          <ClipboardTime
            ms={settings.clipboardMs}
            onMs={(clipboardMs) => change({ clipboardMs })}
          />
        </Group>
        <Group title={words.notify}>
          <Switch
            label={words.notifications}
            checked={settings.notifications}
            onSwitch={(notifications) => change({ notifications })}
          />
        </Group>
        <Theme theme={settings.theme} onTheme={(theme) => change({ theme })} />
        <SessionStorage snapshot={snapshot} />
        <button
          type="button"
          class="button centred"
          onClick={() => void awaitReply(state, state.keyfob.quit())}
        >
          {words.quit}
        </button>
        <p class="faint centred">{words.version(shell.version)}</p>
      </div>
    </Page>
  );
}

function Startup({
  snapshot: { settings, shell },
  change,
}: {
  snapshot: WindowSnapshot;
  change: Change;
}): JSX.Element {
  const words = texts.settings;
  return (
    <Group title={words.start}>
      <Switch
        label={words.startAtLogin}
        checked={settings.startAtLogin}
        disabled={!shell.canStartAtLogin}
        {...(shell.canStartAtLogin ? {} : { help: words.cannotStart })}
        onSwitch={(startAtLogin) => change({ startAtLogin })}
      />
      <Switch
        label={words.startHidden}
        checked={settings.startHidden && shell.tray}
        disabled={!shell.tray}
        {...(shell.tray ? {} : { help: words.noTray })}
        onSwitch={(startHidden) => change({ startHidden })}
      />
    </Group>
  );
}
