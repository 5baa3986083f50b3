import { expect, test } from 'vitest';
import { windowSize } from './window-size.ts';
import { withSections } from './page.ts';

const section = (title: string, value: string) => ({
  title,
  ranOn: 'Node, on a machine.',
  figures: [['one thing', value, 'against another']] as const,
});

test('withSections replaces the figures of the same part, in order, and keeps the rest', () => {
  const order = ['A', 'B', 'C'];
  const empty =
    '# Page\n\n<!-- figures: written by `npm run bench` -->\n<!-- end of figures -->\n\nText.\n';
  const first = withSections(empty, [section('C', '1 ms'), section('A', '2 ms')], order);
  const second = withSections(first, [section('C', '3 ms'), section('B', '4 ms')], order);
  const table = (title: string, value: string) =>
    `### ${title}\n\nNode, on a machine.\n\n| what | median | compared |\n| --- | --- | --- |\n| one thing | ${value} | against another |\n\n`;
  expect(second).toBe(
    `# Page\n\n<!-- figures: written by \`npm run bench\` -->\n\n${table('A', '2 ms')}${table('B', '4 ms')}${table('C', '3 ms')}<!-- end of figures -->\n\nText.\n`,
  );
});

test('everything the window loads is at most 60 kB gzipped', () => {
  const size = windowSize();
  expect(size).toBeGreaterThan(10_000);
  expect(size).toBeLessThanOrEqual(60_000);
});
