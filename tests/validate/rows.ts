import { alkalineFigures, alkalineRows } from './families/alkaline.ts';
import { pemCurveFigures, pemCurveRows } from './families/pem-curves.ts';
import { crossoverFigure, pemPhysicsRows } from './families/pem-physics.ts';
import type { Section } from './row.ts';

/** Runs every model and compares it with its reference: the acceptance table, kind by kind. Some seconds of work. */
export function validationSections(): Section[] {
  return [
    {
      title: 'PEM electrolysis',
      rows: [...pemPhysicsRows(), ...pemCurveRows()],
      pictures: [...pemCurveFigures(), crossoverFigure()],
    },
    { title: 'Alkaline electrolysis', rows: alkalineRows(), pictures: alkalineFigures() },
  ];
}
