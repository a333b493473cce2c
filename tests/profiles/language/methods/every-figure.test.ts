import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { kpiSchema } from '../../../../control/review/result.ts';
import { EVALUATIONS } from '../../../../profiles/language/methods/index.ts';
import type { RecordedPart, RecordedRun, RecordedStep, Subject } from '../../../../profiles/recorded-run.ts';

/** Whatever a part has in it, its evaluation gives every figure that it lists: a value, or null with the reason. */

const NONE = { t_s: new Float64Array(0), value: new Float64Array(0) };
const CELL: Subject = {
  kind: 'cell',
  name: 'c',
  chemistry: 'x',
  capacity_Ah: 5,
  currentMax_A: 10,
  voltageMin_V: 2.5,
  voltageMax_V: 4.2,
};
const STACK: Subject = {
  kind: 'stack',
  name: 's',
  type: 'pem',
  cells: 10,
  activeArea_cm2: 100,
  currentNominal_A: 100,
  powerNominal_kW: 2,
  pressureMax_barg: 30,
};
const VESSEL: Subject = { kind: 'vessel', name: 'v', contents: 'gas', pressureMax_barg: 30 };

/** A record with nothing in it but steps that no method calls its own. */
function emptyRun(subject: Subject, steps: readonly RecordedStep[]): RecordedRun {
  return {
    subject,
    phases: [],
    points: [],
    parts: [],
    steps,
    spectra: [],
    series: () => NONE,
    accuracy: () => ({ reading_pct: 0.1, abs: 0.001, basis: 'default' }),
    asked: () => NONE,
    events: [],
    timeFactor: 1,
  };
}

const STRANGE: readonly RecordedStep[] = [
  { start_s: 0, end_s: 30, kind: 'rest', ended: 'time' },
  { start_s: 30, end_s: 60, kind: 'cc', ended: 'time' },
] as unknown as readonly RecordedStep[];

describe('every figure that a built-in method lists', () => {
  const subjects = [CELL, STACK, VESSEL];
  it.each(Object.keys(EVALUATIONS))(
    '%s gives it as null with the reason where its part has nothing',
    method => {
      const { evaluate, figures } = EVALUATIONS[method];
      const listed = figures.map(({ id }) => id);
      for (const subject of subjects) {
        for (const steps of [[], STRANGE]) {
          const part = {
            method,
            name: 'p',
            start_s: 0,
            end_s: 100,
            parameters: {},
          } as unknown as RecordedPart;
          const found = evaluate(emptyRun(subject, steps), part);
          // As result.json and its published schema have it; a part without parameters asks for no limit.
          const { issues = [] } = z.array(kpiSchema).safeParse(found).error ?? {};
          expect(issues.filter(({ code }) => code === 'unrecognized_keys')).toEqual([]);
          for (const { id } of figures) {
            const own = found.filter(
              one => one.id === id || (one.id.startsWith(`${id}-`) && !listed.includes(one.id)),
            );
            expect(own, `${subject.kind}: ${id}`).not.toHaveLength(0);
            for (const { value, definition } of own)
              expect(value === null ? definition : 'No value: x', id).toMatch(/No value: (?!not computable)/);
          }
        }
      }
    },
  );
});
