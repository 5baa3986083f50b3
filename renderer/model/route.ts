/** Which view is in front. */
export type Route = Readonly<
  | { view: 'accounts' | 'add' | 'settings' }
  | { view: 'login'; loginId: string }
  /** `loginId` null: everything. */
  | { view: 'inspector'; loginId: string | null }
>;

/**
 * The view that a URL's fragment asks for: `#accounts`, `#add`, `#settings`, `#inspector`,
 * `#inspector/ID`, `#login/ID`. null: none of these. This is how the tray opens a certain view.
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
