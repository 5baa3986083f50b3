import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { LoginSnapshot } from '../../../common/snapshots.ts';
import { texts } from '../../texts/en.ts';

/** Which exchanges are listed: all, those of signed-in accounts, or those of one login. */
export type Filter = Readonly<
  { kind: 'all' } | { kind: 'accounts' } | { kind: 'login'; id: string }
>;

type FilterFieldProps = Readonly<{
  logins: readonly LoginSnapshot[];
  filter: Filter;
  onFilter: (filter: Filter) => void;
}>;

/** Chooses the filter. */
export function FilterField({ logins, filter, onFilter }: FilterFieldProps): JSX.Element {
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

/** Whether an exchange of that login (null: of a signed-in account) passes the filter. */
export function isShown(loginId: string | null, filter: Filter): boolean {
  switch (filter.kind) {
    case 'all':
      return true;
    case 'accounts':
      return loginId === null;
    default:
      return loginId === filter.id;
  }
}
