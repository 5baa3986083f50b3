import type { ComponentChildren, JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { durationText } from '../../../common/account-text.ts';
import type { SettingsSnapshot, WindowSnapshot } from '../../../preload/contract.ts';
import { Switch } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Page, useGoHome } from '../../components/page.tsx';
import { awaitReply, useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';

const CLIPBOARD_TIMES_MS = [10_000, 30_000, 60_000, 120_000, 300_000, 0];

const THEMES = ['system', 'light', 'dark'] as const;

/** What the person can choose, and how things are kept here. */
export function Settings({ snapshot }: { snapshot: WindowSnapshot }): JSX.Element {
  const state = useApp();
  const { settings, shell } = snapshot;
  const [, drawAgain] = useState(0);
  const change = (part: Partial<SettingsSnapshot>): void =>
    void awaitReply(state, state.keyfob.changeSettings(part)).then((done) => {
      // The browser has moved the control already: what was refused has to be drawn as it is.
      if (done === null) drawAgain((times) => times + 1);
    });
  const words = texts.settings;
  return (
    <Page title={words.title} onBack={useGoHome()}>
      <div class="stack settings">
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

function Group({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} class="group-title">
        {title}
      </h2>
      <div class="card rows">{children}</div>
    </section>
  );
}

function ClipboardTime({ ms, onMs }: { ms: number; onMs: (ms: number) => void }): JSX.Element {
  const id = useId();
  const times = CLIPBOARD_TIMES_MS.includes(ms) ? CLIPBOARD_TIMES_MS : [ms, ...CLIPBOARD_TIMES_MS];
  const { never, after, clear } = texts.settings;
  return (
    <div class="switch-row wrap">
      <label for={id}>{clear}</label>
      <select id={id} value={ms} onChange={(event) => onMs(Number(event.currentTarget.value))}>
        {times.map((time) => (
          <option key={time} value={time} selected={time === ms}>
            {time === 0 ? never : after(timeText(time))}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Like everywhere, but without the `0 s` behind whole minutes. */
function timeText(ms: number): string {
  return durationText(ms).replace(/ 0 s$/, '');
}

type ThemeProps = Readonly<{
  theme: SettingsSnapshot['theme'];
  onTheme: (theme: SettingsSnapshot['theme']) => void;
}>;

function Theme({ theme, onTheme }: ThemeProps): JSX.Element {
  const words = texts.settings;
  return (
    <fieldset class="plain">
      <legend class="group-title">{words.theme}</legend>
      <div class="segments">
        {THEMES.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="theme"
              value={name}
              checked={theme === name}
              onChange={() => onTheme(name)}
            />
            <span>{words.themes[name]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function SessionStorage({ snapshot: { app, shell } }: { snapshot: WindowSnapshot }): JSX.Element {
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
