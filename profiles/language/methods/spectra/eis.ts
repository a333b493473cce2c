import type { KpiValue } from '../../../kpi.ts';
import { kpi } from '../../../kpi.ts';
import type { RecordedPart, RecordedRun } from '../../../recorded-run.ts';
import { defineEvaluation } from '../evaluation.ts';
import { ofStack } from '../stack/of-stack.ts';
import {
  figuresOfCut,
  figuresOfSpectrum,
  type ResistanceUnit,
  spectraOf,
  spectrumFigures,
} from './spectrum.ts';

/** Impedance at several states in one method: the figures of each spectrum, named after its level. */

const STACK_UNIT = 'mOhm.cm2';
const CELL_UNIT = 'mOhm';

/** The parameter that names a circuit: `R0-p(R1,CPE1)`, `best`, or `none`. */
const CIRCUIT = 'circuit_text';

function figuresOf(run: RecordedRun, part: RecordedPart, by: ResistanceUnit): readonly KpiValue[] {
  const spectra = spectraOf(run, part);
  const text = part.texts?.[CIRCUIT] ?? 'none';
  const circuit = text === 'none' ? undefined : text;
  const all = [
    ...spectra.flatMap(one => spectrumFigures(run, one, by, circuit)),
    ...figuresOfCut(run, part, by.unit),
  ];
  if (all.length > 0) return all;
  return figuresOfSpectrum(by.unit).map(({ id, unit, doc }) =>
    kpi({
      id,
      unit,
      value: null,
      definition: `${doc}.`,
      basis: 'default',
      missing: 'no spectrum was measured to its end',
    }),
  );
}

/** Spectra of a stack at its loads; resistances by the area of a cell. */
export const eisAtLoads = ofStack({
  method: 'eis-at-loads',
  figures: figuresOfSpectrum(STACK_UNIT),
  evaluate: (run, part) => {
    const { activeArea_cm2, cells } = run.stack;
    return figuresOf(run, part, { unit: STACK_UNIT, factor: (1000 * activeArea_cm2) / cells });
  },
});

/** Spectra of a cell at its states of charge. */
export const eisAtSoc = defineEvaluation({
  method: 'eis-at-soc',
  figures: figuresOfSpectrum(CELL_UNIT),
  evaluate: (run, part) => figuresOf(run, part, { unit: CELL_UNIT, factor: 1000 }),
});
