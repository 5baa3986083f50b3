/** The current view. */
export type Route = Readonly<
  | { view: 'accounts' | 'add' | 'settings' }
  | { view: 'login'; loginId: string }
  /** `loginId` null: all exchanges. */
  | { view: 'inspector'; loginId: string | null }
>;

/**
 * The view for a URL fragment: `#accounts`, `#add`, `#settings`, `#inspector`, `#inspector/ID`, `#login/ID`.
 * null: none of these. The tray opens a view this way.
 */
export function routeOf(fragment: string): Route | null {
  const [, view, id] = /^#([a-z]+)(?:\/([\w-]+))?$/.exec(fragment) ?? [];
  switch (view) {
    case 'accounts':
    case 'add':
    case 'settings':
      return id === undefined ? { view } : null;
    case 'login':
      return id === undefined ? null : { view, loginId: id };
    case 'inspector':
      return { view, loginId: id ?? null };
    default:
      return null;
  }
}
