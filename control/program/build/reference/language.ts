import { z } from 'zod';
import { targetWords } from '../../../../profiles/language/explain/spoken.ts';
import { FUNCTIONS } from '../../../../profiles/language/expression/functions.ts';
import { dataSchema } from '../../../../profiles/language/file/data-entry.ts';
import type { OwnKeys, StepKind } from '../../../../profiles/language/file/define-step.ts';
import { STEM_UNITS, type Stem } from '../../../../profiles/language/file/keys.ts';
import { SCOPE_NAMES, SCOPE_STEMS } from '../../../../profiles/language/file/names-of-file.ts';
import {
  COMMON,
  FEW_COMMON,
  FILE_KEYS,
  parameterSchema,
  recordShape,
  TARGETS,
} from '../../../../profiles/language/file/schema.ts';
import { STEP_KINDS } from '../../../../profiles/language/steps/index.ts';
import { splitName } from '../../../../profiles/language/units/names.ts';
import { code, type KeyRow, keyTable, markdownTable, waysOf } from './tables.ts';

/** Reference of the language: file, kinds of step, common keys, targets, expressions. */

/** The page. */
export function languagePage(): string {
  return [
    '# Reference: the language of methods',
    'To learn it: [language.md](../language.md). Units: [units.md](units.md). Roles: [roles.md](roles.md). Built-in methods: [methods.md](methods.md).',
    '## A file',
    markdownTable(
      ['key', 'what'],
      Object.entries(FILE_KEYS).map(([key, doc]) => [code(key), doc]),
    ),
    'A parameter in full:',
    keyTable(blockOf(parameterSchema)),
    'A data file; every other key is a name with a unit, and behind it the name of a column:',
    keyTable(blockOf(dataSchema)),
    '## Kinds of step',
    markdownTable(
      ['kind', 'what it does', 'how it ends'],
      STEP_KINDS.map(kind => [`[${code(kind.key)}](#${kind.key})`, kind.doc, ENDS[kind.ends]]),
    ),
    ...STEP_KINDS.map(kindText),
    '## Keys beside every kind',
    `${code('let')} and ${code('if')} have only ${FEW_COMMON.map(code).join(', ')}.`,
    commonTable(),
    `${code('record')} holds:`,
    keyTable(grouped(waysOf(recordShape)[0])),
    '## Targets',
    markdownTable(
      ['target', 'where the run goes'],
      [
        ...TARGETS.map(target => [code(target), targetWords(target)]),
        [code('goto id'), 'forward to the step with that id, in this list or one around it'],
      ],
    ),
    '## Expressions',
    'From the loosest to the tightest: `or`, `and`, `not`, `... for TIME`, one of `< <= > >= == !=`, `+ -`, `* /`, a sign. `==` and `!=` are for switches and counts only. A unit is written behind its number (`10 min`, `1 mV_per_h`); names, numbers and functions stand alone.',
    markdownTable(
      ['function', 'what it says'],
      Object.values(FUNCTIONS).map(({ call, doc }) => [code(call), doc]),
    ),
    `Parts of a run: ${SCOPE_NAMES.map(code).join(', ')}, each with ${SCOPE_STEMS.map(stem => code(`${stem}_`)).join(', ')} in any unit of the quantity, and ${code('round.count')}. Charge and energy are net and positive in; ${code('h2_')} is what Faraday's law makes of the charge.`,
    `${code('subject.name_unit')} and ${code('bench.name_unit')} are figures of the bench file; ${code('id.name_unit')} is what the step with that id counted, averaged (${code('average_')}) or returned (${code('call')}).`,
  ].join('\n\n');
}

const ENDS: Readonly<Record<StepKind['ends'], string>> = {
  itself: 'by itself',
  bound: '`for_` or `within_` needed',
  deadline: 'by itself; `within_` needed',
  data: 'at the end of its data; else `for_` or `within_` needed',
  once: 'at once',
};

function kindText(kind: StepKind): string {
  const rows = typeof kind.own === 'object' ? ownRows(kind.own) : [];
  const beside = Object.entries(kind.beside ?? {}).map(([key, { holds, isNeeded }]) => [
    `${code(key)}${isNeeded ? ' *' : ''}`,
    holds,
    'beside it',
  ]);
  const parts = [
    `### ${kind.key}`,
    `${kind.doc}. After a cut: ${kind.resume}.`,
    `\`\`\`yaml\n- ${kind.example}\n\`\`\``,
  ];
  if (rows.length + beside.length > 0)
    parts.push(markdownTable(['key', 'units or values', 'what'], [...rows, ...beside]));
  return parts.join('\n\n');
}

function ownRows(own: OwnKeys): readonly (readonly string[])[] {
  const stems = Object.entries(own.stems ?? {}).map(([stem, doc]) => {
    const isNeeded = own.needs?.some(need => need === stem) === true;
    const isOne = own.oneOf?.some(one => one === stem) === true;
    const mark =
      isNeeded || (isOne && own.oneOf?.length === 1 && own.roles === undefined)
        ? ' *'
        : isOne
          ? ' (one of these)'
          : '';
    return [`${code(`${stem}_`)}${mark}`, STEM_UNITS[stem as Stem].join(' '), String(doc)];
  });
  const roles = {
    one: ['a role', 'any', 'instead of the quantity'],
    many: ['roles', 'any', 'each with its value'],
    voltage: ['a role in V', 'V mV', 'the potential of one electrode instead of the voltage'],
  };
  const names = {
    values: ['names with units', 'any', 'each with a value'],
    lists: ['names with units', 'any', 'each with a list, { from, to, by }, or the name of a list'],
  };
  const plain = own.plain === undefined ? [] : waysOf(z.object(own.plain))[0];
  return [
    ...stems,
    ...(own.roles === undefined ? [] : [roles[own.roles]]),
    ...(own.names === undefined ? [] : [names[own.names]]),
    ...plain.map(({ key, takes, isNeeded, doc }) => [`${code(key)}${isNeeded ? ' *' : ''}`, takes, doc]),
  ];
}

/** Keys of one stem in one row: `for_` in s, min, h, d, ms. */
function grouped(rows: readonly KeyRow[]): readonly KeyRow[] {
  const found = new Map<string, KeyRow>();
  for (const row of rows) {
    const stem = splitName(row.key)?.stem;
    const units =
      stem !== undefined && Object.hasOwn(STEM_UNITS, stem) ? STEM_UNITS[stem as Stem] : undefined;
    if (stem === undefined || units === undefined) found.set(row.key, row);
    else
      found.set(stem, {
        ...row,
        key: `${stem}_`,
        takes: units.join(' '),
        doc: row.doc.replace(/, in \w+$/, ''),
      });
  }
  return [...found.values()];
}

function commonTable(): string {
  return keyTable(grouped(waysOf(z.object(COMMON))[0].filter(row => !/[.[]/.test(row.key))));
}

/** The way of a union that is a block with keys. */
function blockOf(schema: z.ZodType): readonly KeyRow[] {
  return waysOf(schema).find(rows => rows.length > 0) ?? [];
}
