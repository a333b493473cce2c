import { unitWord } from '../file/keys.ts';
import type { ExplainedParameter } from './given.ts';
import type { ExplainedData, ExplainedMethod } from './method.ts';
import type { ExplainedList, ExplainedStep, ExplainedWay } from './step.ts';
import { figureText, numbersText, quantityText, unitWords } from './words.ts';

/** An explained method as lines for a terminal. */

const INDENT = '  ';

/** The lines, without those of the bench's own limits. */
export function explanationLines(of: ExplainedMethod): readonly string[] {
  const lines = [
    `${of.kind} ${of.method} (${of.file})${of.doc === undefined ? '' : `: ${of.doc}`}`,
    of.total,
  ];
  section(lines, 'Parameters', of.parameters.map(parameterText));
  const figures = Object.entries(of.figures).map(([name, value]) => figureLine(name, value));
  section(lines, 'From the bench file', figures);
  section(lines, 'Data', of.data.map(dataText));
  section(
    lines,
    'Derived roles',
    Object.entries(of.derived).map(([name, what]) => `${name}: ${what}`),
  );
  if (of.record !== undefined) lines.push('', `Rows ${of.record}`);
  if (of.keptWhole.length > 0)
    lines.push('', `Every reading is kept in ${of.keptWhole.join(', ')}: the figures need them`);
  section(lines, 'Limits of the method', of.limits.map(limitText));
  for (const { name, limits, record, steps, reentry } of of.phases) {
    lines.push('', name === '' ? 'Steps' : `Phase ${name}`);
    if (record !== undefined) lines.push(`${INDENT}rows ${record}`);
    for (const limit of limits) lines.push(`${INDENT}limit of the phase: ${limitText(limit)}`);
    pushSteps(lines, steps, INDENT);
    if (reentry.length > 0) lines.push(`${INDENT}after a cut, before it goes on:`);
    pushSteps(lines, reentry, `${INDENT}${INDENT}`);
  }
  if (of.finally.length > 0)
    lines.push(
      '',
      'Finally, when it is through or goes to finish (a stop or a trip goes to the safe state of the bench instead)',
    );
  pushSteps(lines, of.finally, INDENT);
  section(
    lines,
    'Returns',
    Object.entries(of.returns).map(([name, what]) => `${name}: ${what}`),
  );
  section(lines, 'Without a bound that is known before the run', of.unbounded);
  return lines;
}

function section(lines: string[], title: string, entries: readonly string[]): void {
  if (entries.length === 0) return;
  lines.push('', title, ...entries.map(entry => `${INDENT}${entry}`));
}

function figureLine(name: string, value: number): string {
  return `${name} ${quantityText(value, unitWord(name))}`;
}

function limitText({ when, leads }: ExplainedWay): string {
  return `${leads} where ${when}`;
}

const ORIGINS = {
  given: 'given',
  default: 'default',
  'bench file': 'from the bench file',
  missing: 'must be given',
} as const;

function parameterText({ name, value, unit, origin, written, doc }: ExplainedParameter): string {
  const words = doc === undefined ? '' : `: ${doc}`;
  const said = written === undefined ? '' : `, ${written}`;
  if (origin === 'missing') {
    // A name of a file or a text stands in a method, not on a command line.
    const where = /_(file|text)$/.test(name)
      ? `where it is called: with: { ${name}: ... }`
      : `--set ${name}=...`;
    return `${name} must be given: ${where}${words}`;
  }
  return `${name} = ${valueWords(value, unit)} (${ORIGINS[origin]}${said})${words}`;
}

function valueWords(value: ExplainedParameter['value'], unit: string): string {
  if (value === null) return 'known in the run';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string') return value;
  if (unit === 'on') return value === 0 ? 'off' : 'on';
  const text = typeof value === 'number' ? figureText(value) : numbersText(value);
  return `${text} ${unitWords(unit)}`.trimEnd();
}

function pushSteps(lines: string[], steps: readonly ExplainedStep[], indent: string): void {
  for (const { text, inside } of steps) {
    lines.push(`${indent}${text}`);
    for (const list of inside) pushList(lines, list, `${indent}${INDENT}`);
  }
}

function pushList(lines: string[], { what, steps }: ExplainedList, indent: string): void {
  if (what !== '') lines.push(`${indent}${what}:`);
  pushSteps(lines, steps, what === '' ? indent : `${indent}${INDENT}`);
}

function dataText({ name, file, sha256, bytes, columns }: ExplainedData): string {
  const pairs = Object.entries(columns).map(([own, column]) => `${own} from "${column}"`);
  const from = pairs.length === 0 ? 'power_pct' : pairs.join(', ');
  if (file === undefined && pairs.length === 0) return `${name}: a wind of the seed of the run; ${from}`;
  if (file === undefined) return `${name}: a file named at the start (--wind); ${from}`;
  const what = sha256 === undefined ? 'not there' : `${bytes} bytes, SHA-256 ${sha256}`;
  return `${name}: ${file} (${what}); ${from}`;
}
