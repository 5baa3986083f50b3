/** A link in three parts, so that its host can be shown stronger than the rest. */
export type LinkParts = Readonly<{ before: string; host: string; after: string }>;

/** Where `link` leads; null when it is no link. Main has checked that it is safe to open. */
export function linkParts(link: string): LinkParts | null {
  if (!URL.canParse(link)) return null;
  const { protocol, host, pathname, search, hash } = new URL(link);
  if (host === '') return null;
  const path = pathname === '/' ? '' : pathname;
  return {
    before: protocol === 'https:' ? '' : `${protocol}//`,
    host,
    after: path + search + hash,
  };
}
