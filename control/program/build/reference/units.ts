import { relativeRules } from '../../../../profiles/language/units/relative.ts';
import { QUANTITIES, WORD_UNITS } from '../../../../profiles/language/units/table.ts';
import { code, markdownTable } from './tables.ts';

/** Reference of units: every quantity, and the units that lean on the subject. */

/** The page. */
export function unitsPage(): string {
  return [
    '# Reference: units',
    'A name ends in its unit: `current_A`, `for_min`. Units are composed with `_per_`: `A_per_cm2`, `mV_per_h`, `NL_per_min`. What measures the same converts by itself.',
    markdownTable(
      ['quantity', 'units', 'what to know'],
      QUANTITIES.map(({ quantity, doc, units }) => [
        quantity,
        units.map(unit => code(unit.text)).join(' '),
        doc,
      ]),
    ),
    `Names that are no numbers end in ${WORD_UNITS.map(word => code(`_${word}`)).join(', ')}.`,
    '## Relative to the subject',
    'They need a figure of the bench file; a missing one is asked for by its name.',
    markdownTable(
      ['unit', 'of', 'is', 'figure in the bench file'],
      relativeRules().map(({ unit, of, is, figure }) => [code(unit), of, is, code(`subject.${figure}`)]),
    ),
  ].join('\n\n');
}
