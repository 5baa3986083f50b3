const BEGIN = '<!-- figures: written by `npm run bench` -->';
const END = '<!-- end of figures -->';

/** One line of a table. */
export type Figure = readonly [what: string, value: string, compared: string];

/** The figures of one part of the bench, and the machine. */
export type Section = Readonly<{ title: string; ranOn: string; figures: readonly Figure[] }>;

/** A section as it is written on the page. */
export function sectionText({ title, ranOn, figures }: Section): string {
  const rows = figures.map((cells) => `| ${cells.join(' | ')} |`);
  const table = ['| what | median | compared |', '| --- | --- | --- |', ...rows];
  return `### ${title}\n\n${ranOn}\n\n${table.join('\n')}\n`;
}

/**
 * The page with its sections replaced by these. Other sections stay.
 *
 * @param order every title there is, in the order of the page
 */
export function withSections(
  page: string,
  sections: readonly Section[],
  order: readonly string[],
): string {
  const [before = '', rest = ''] = page.split(BEGIN);
  const [kept = '', after = '\n'] = rest.split(END);
  const texts = new Map<string | undefined, string>();
  for (const text of kept.split(/^(?=### )/m)) {
    texts.set(/^### (.*)$/m.exec(text)?.[1], `${text.trim()}\n`);
  }
  for (const section of sections) texts.set(section.title, sectionText(section));
  const ordered = order.flatMap((title) => texts.get(title) ?? []);
  return `${before}${BEGIN}\n\n${ordered.join('\n')}\n${END}${after}`;
}
