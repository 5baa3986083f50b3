import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { WindowSnapshot } from '../../../preload/contract.ts';
import type { LoginSnapshot } from '../../../common/snapshots.ts';
import { groupExchanges } from '../../model/steps.ts';
import type { ExchangeGroup } from '../../model/steps.ts';
import { Page, useGoHome } from '../../components/page.tsx';
import { awaitReply, useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';
import { Exchange } from './exchange.tsx';

/** What the list shows: everything, the accounts' later life, or the login of that id. */
type Filter = Readonly<{ kind: 'all' } | { kind: 'accounts' } | { kind: 'login'; id: string }>;

type InspectorProps = Readonly<{ snapshot: WindowSnapshot; loginId: string | null }>;

/** Every exchange in order, grouped by the five steps. */
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
          <Group
            key={group.exchanges[0]?.id}
            title={titleOf(group, filter, snapshot.app.logins)}
            group={group}
          />
        ))}
      </div>
    </Page>
  );
}

function Group({ title, group }: { title: string; group: ExchangeGroup }): JSX.Element {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} class="group-title">
        {title}
      </h2>
      <div class="card rows">
        {group.exchanges.map((exchange) => (
          <Exchange key={exchange.id} exchange={exchange} />
        ))}
      </div>
    </section>
  );
}

/** Whose a group is, where more than one sign-in is shown, and its step. */
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

type FilterFieldProps = Readonly<{
  logins: readonly LoginSnapshot[];
  filter: Filter;
  onFilter: (filter: Filter) => void;
}>;

function FilterField({ logins, filter, onFilter }: FilterFieldProps): JSX.Element {
  const id = useId();
  const words = texts.inspector;
  const value = filter.kind === 'login' ? filter.id : filter.kind;
  const read = (chosen: string): Filter =>
    chosen === 'all' || chosen === 'accounts' ? { kind: chosen } : { kind: 'login', id: chosen };
  return (
    <div class="filter">
      <label for={id}>{words.show}</label>
      <select id={id} value={value} onChange={(event) => onFilter(read(event.currentTarget.value))}>
        <option value="all">{words.all}</option>
        {logins.map(({ id: loginId, typed }) => (
          <option key={loginId} value={loginId}>
            {words.ofLogin(typed)}
          </option>
        ))}
        <option value="accounts">{words.ofAccounts}</option>
      </select>
    </div>
  );
}

function isShown(loginId: string | null, filter: Filter): boolean {
  switch (filter.kind) {
    case 'all':
      return true;
    case 'accounts':
      return loginId === null;
    default:
      return loginId === filter.id;
  }
}
