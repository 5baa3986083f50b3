import { hostOf } from '../../../common/urls.ts';
import { blockLetters, spacedLetters } from './block-letters.ts';
import { halfBlocks } from '../terminal/half-blocks.ts';
import type { LineOf } from './login-line.ts';
import { AGAINST_PHISHING, linkOf } from './login-text.ts';
import type { Looks } from '../terminal/looks.ts';
import { paint } from '../terminal/looks.ts';
import type { Picture } from './qr-lines.ts';
import { qrPicture } from './qr-lines.ts';
import { shown } from '../terminal/shown.ts';
import { columnsOf, wrapTo } from '../terminal/text-width.ts';

/** The space for the panel, and what its keys do. */
export type PanelFrame = Readonly<{
  columns: number;
  rows: number;
  looks: Looks;
  /** Whether Enter opens the link. */
  canOpen: boolean;
}>;

/** The panel, and whether the QR code did not fit: then a key shows it. */
export type Panel = Readonly<{ lines: readonly string[]; qrLeftOut: boolean }>;

const INDENT = 2;
const GAP = 4;
/** Lines of the panel below code and QR code, and of the steps around it. */
const OTHER_ROWS = 12;

/** A sign-in code and its link, as large as the terminal allows. Ends with an empty line. */
export function codePanel(line: LineOf<'code'>, frame: PanelFrame): Panel {
  const { columns, rows, looks } = frame;
  const width = Math.max(20, columns - INDENT - 1);
  const code = codePicture(line.user_code, width, looks);
  const qr = looks.unicode ? qrPicture(linkOf(line), looks) : null;
  const qrFits = qr !== null && qr.columns <= width && qr.lines.length + OTHER_ROWS <= rows;
  const beside = qrFits && code.columns + GAP + qr.columns <= width;
  const words = wrapTo(AGAINST_PHISHING, beside ? Math.max(code.columns, 30) : width);
  const pictures = beside
    ? sideBySide([...code.lines, '', ...words], code.columns, qr)
    : [...(qrFits ? [...qr.lines, ''] : []), ...code.lines, '', ...words];
  const lines = ['', ...pictures, '', ...textLines(line, frame, qr !== null && !qrFits), ''];
  return { lines: lines.map(indented), qrLeftOut: qr !== null && !qrFits };
}

/** The QR code alone, shown on request. */
export function qrPanel(line: LineOf<'code'>, looks: Looks): readonly string[] {
  const qr = qrPicture(linkOf(line), looks);
  return qr === null ? [] : ['', ...qr.lines, ''].map(indented);
}

function textLines(
  line: LineOf<'code'>,
  { columns, looks, canOpen }: PanelFrame,
  qrKey: boolean,
): readonly string[] {
  const link = linkOf(line);
  const bold = (text: string): string => paint('bold', text, looks);
  const keys = [
    ...(canOpen ? [`${bold('Enter')} opens the link`] : []),
    ...(qrKey ? [`${bold('q')} shows a QR code`] : []),
    `${bold('Ctrl-C')} cancels`,
  ];
  const inARow = keys.join(', ');
  return [
    line.verification_uri_complete === null ? 'Type this code' : 'The code',
    indented(bold(shown(line.user_code))),
    `${line.verification_uri_complete === null ? 'at this link' : 'The link'}, on ${bold(shown(hostOf(link)))}`,
    indented(shown(link)),
    '',
    ...(columnsOf(inARow) + 2 * INDENT < columns ? [inARow] : keys),
  ];
}

function codePicture(code: string, width: number, looks: Looks): Picture {
  const dots = looks.unicode ? blockLetters(code) : null;
  const columns = dots?.[0]?.length ?? 0;
  if (dots !== null && columns <= width) {
    const lines = halfBlocks(dots).map((line) => paint('bold', line, looks));
    return { lines, columns };
  }
  const spaced = spacedLetters(shown(code));
  return { lines: [paint('bold', spaced, looks)], columns: columnsOf(spaced) };
}

/** `left` beside `right`, vertically centred. */
function sideBySide(left: readonly string[], columns: number, right: Picture): readonly string[] {
  const above = Math.max(0, Math.floor((right.lines.length - left.length) / 2));
  const height = Math.max(right.lines.length, above + left.length);
  return Array.from({ length: height }, (_, row) => {
    const text = left[row - above] ?? '';
    return `${text}${' '.repeat(columns + GAP - columnsOf(text))}${right.lines[row] ?? ''}`;
  });
}

function indented(text: string): string {
  return text === '' ? '' : ' '.repeat(INDENT) + text;
}
