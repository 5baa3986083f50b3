import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { WindowSnapshot } from '../../../preload/contract.ts';
import type { LoginSnapshot } from '../../../common/snapshots.ts';
import { groupExchanges } from '../../model/steps.ts';
import type { ExchangeGroup } from '../../model/steps.ts';
import { Group } from '../../components/group.tsx';
import { Page, useGoHome } from '../../components/page.tsx';
import { awaitReply, useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';
import { Exchange } from './exchange.tsx';
import { FilterField, isShown } from './filter.tsx';
import type { Filter } from './filter.tsx';

type InspectorProps = Readonly<{ snapshot: WindowSnapshot; loginId: string | null }>;

/** Every exchange in order, grouped by sign-in step. */
export function Inspector({ snapshot, loginId }: InspectorProps): JSX.Element {
  const state = useApp();
  const { route, exchanges } = state;
  const home = useGoHome();
  const [filter, setFilter] = useState<Filter>(
    loginId === null ? { kind: 'all' } : { kind: 'login', id: loginId },
  );
  const all = exchanges.value;
  const groups = groupExchanges(all.filter((exchange) => isShown(exchange.loginId, filter)));
  const words = texts.inspector;
  const clear = async (): Promise<void> => {
    if ((await awaitReply(state, state.keyfob.clearExchanges())) !== null) exchanges.value = [];
  };
  const back = loginId === null ? home : () => (route.value = { view: 'login', loginId });
  return (
    <Page
      title={words.title}
      onBack={back}
      actions={
        all.length > 0 && (
          <button type="button" class="button subtle" onClick={() => void clear()}>
            {words.clear}
          </button>
        )
      }
    >
      <div class="stack">
        <p class="help">{words.help}</p>
        <FilterField logins={snapshot.app.logins} filter={filter} onFilter={setFilter} />
        {groups.length === 0 && (
          <p class="quiet">{all.length === 0 ? words.none : words.noneHere}</p>
        )}
        {groups.map((group) => (
          <Group key={group.exchanges[0]?.id} title={titleOf(group, filter, snapshot.app.logins)}>
            {group.exchanges.map((exchange) => (
              <Exchange key={exchange.id} exchange={exchange} />
            ))}
          </Group>
        ))}
      </div>
    </Page>
  );
}

/** A group's step, and its sign-in unless only one is shown. */
function titleOf(
  { loginId, step }: ExchangeGroup,
  filter: Filter,
  logins: readonly LoginSnapshot[],
): string {
  const words = texts.inspector;
  if (loginId === null) return words.ofAccounts;
  if (filter.kind === 'login') return texts.steps[step];
  const login = logins.find(({ id }) => id === loginId);
  const whose = login === undefined ? words.ofFormer : words.ofLogin(login.typed);
  return `${whose}: ${texts.steps[step]}`;
}
