import {
  MATRIX_NAMES,
  type MatrixFigure,
  type MatrixRow,
  readMatrix,
} from '../../../bench/matrix/matrix-file.ts';
import { code, markdownTable } from './tables.ts';

/** Reference of the alarm and trip matrices: every row with its limit, delay, basis and source. */

/** The page. */
export function limitsPage(): string {
  return [
    '# Reference: alarm and trip matrices',
    `${code('matrix: pem')} in a bench file puts these rows behind its own interlocks, under ${code('matrix-<row>')}. A row counts where the bench has its role, and where no interlock of the bench over the same reading is as strict and as quick: that one stands then. ${code('check')} and ${code('explain')} list each row: judged, left to which interlock, or not watched and why (no sensor, a figure that the bench file lacks). A row may be changed, and a laxer one needs its reason, which stands in the record:`,
    "```yaml\nmatrix:\n  use: pem # or a file of one's own\n  change:\n    stack-temperature-trip: { limit: 75 }\n    room-h2-trip: { limit: 1.2, accepted: the sensor stands above the vent }\n    separator-level-low-alarm: { off: no level is kept in this rig }\n    current-deviation-alarm: on\n```",
    'warn tells; hold stands still until a person resumes (a row of these may be changed to `reaction: suspend` with its `recover`); trip leads into the safe state. Basis: sourced (read where the row says), recalled (known, not looked up: check it), default (chosen here). The figures are those of a test bench in general: the limits of your maker stand in your own interlocks.',
    ...MATRIX_NAMES.map(matrixPart),
  ].join('\n\n');
}

function matrixPart(name: string): string {
  const { doc, rows } = readMatrix(name, '.');
  const heads = ['row', 'looks at', 'limit', 'for', 'reaction', 'armed', 'basis', 'source'];
  return `## ${name}: ${doc}\n\n${markdownTable(heads, rows.map(cellsOf))}`;
}

function cellsOf(row: MatrixRow): string[] {
  const { id, role = '', basis, source, instead, off } = row;
  if (instead !== undefined) return [code(id), '', '', '', 'none', '', basis, `${instead}; ${source}`];
  const text = (key: string): string => (row[key] === undefined ? '' : String(row[key]));
  const minus = text('minus') === '' ? '' : ` - ${code(text('minus'))}`;
  const of = text('kind') === 'threshold' || text('kind') === 'difference' ? '' : ` (${text('kind')})`;
  return [
    code(id),
    `${code(role)}${minus}${of}`,
    limitText(row),
    text('delay_s') === '' ? '0 s' : `${text('delay_s')} s`,
    `${text('reaction')}${off === undefined ? '' : ' (off unless asked for)'}`,
    text('armed') === '' ? 'always' : text('armed'),
    basis,
    off === undefined ? source : `${source}; off: ${off}`,
  ];
}

function limitText(row: MatrixRow): string {
  if (row.within !== undefined) return `+- ${String(row['within_pct'])} % of ${code(String(row['set']))}`;
  if (row['limit_per_min'] !== undefined) return `${String(row['limit_per_min'])} per min`;
  const trips = row['trips'] === undefined ? '>' : String(row['trips']);
  return `${trips} ${row.limit === undefined ? '' : figureText(row.limit)}`;
}

function figureText(figure: MatrixFigure): string {
  if (typeof figure === 'number') return String(figure);
  const { of, times, plus, most } = figure;
  const factor = times === 1 ? '' : `${times} x `;
  const sum = plus === 0 ? '' : ` ${plus > 0 ? '+' : '-'} ${Math.abs(plus)}`;
  return `${factor}${code(of)}${sum}${most === undefined ? '' : `, at most ${most}`}`;
}
