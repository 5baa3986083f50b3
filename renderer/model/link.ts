/** A link in three parts, so that its host can be emphasised. */
export type LinkParts = Readonly<{ before: string; host: string; after: string }>;

/** The parts of `link`; null: not a URL. Main has checked that it is safe to open. */
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
