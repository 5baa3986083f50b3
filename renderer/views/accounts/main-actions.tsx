import type { JSX } from 'preact';
import type { Route } from '../../model/route.ts';
import { InspectorIcon, SettingsIcon } from '../../components/icons.tsx';
import { IconButton } from '../../components/page.tsx';
import { useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';

/** The buttons that lead from the first view to others. */
export function MainActions(): JSX.Element {
  const { route } = useApp();
  const go = (to: Route) => (): void => {
    route.value = to;
  };
  return (
    <nav class="bar-actions" aria-label={texts.nav.main}>
      <IconButton name={texts.nav.inspector} onPress={go({ view: 'inspector', loginId: null })}>
        <InspectorIcon />
      </IconButton>
      <IconButton name={texts.nav.settings} onPress={go({ view: 'settings' })}>
        <SettingsIcon />
      </IconButton>
    </nav>
  );
}
