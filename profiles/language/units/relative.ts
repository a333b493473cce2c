import { sameDimension, type Unit, unitNamed } from './unit.ts';

/**
 * Units that mean something only together with what is tested: C, per cent of nominal, per area, per gram, per cell.
 * The bench file says what is tested; a figure that it lacks is asked for by its name.
 */

/** Figures of a subject that a method may lean on. What the bench does not say is undefined. */
export interface SubjectFigures {
  readonly capacity_Ah?: number;
  readonly currentNominal_A?: number;
  readonly powerNominal_W?: number;
  readonly voltageNominal_V?: number;
  readonly activeArea_cm2?: number;
  readonly activeMass_g?: number;
  readonly cells_count?: number;
}

/** One unit of the relative quantity is `factor` of the plain unit: 1 C of a 5 Ah cell is 5 A. */
export interface Resolved {
  readonly unit: string;
  readonly factor: number;
  /** The figure that the factor is of: `capacity_Ah`. */
  readonly figure: keyof SubjectFigures;
}

/** A figure of the subject that is missing, by its name in the bench file. */
export interface MissingFigure {
  readonly missing: string;
}

interface Rule {
  readonly stem: string;
  readonly relative: string;
  readonly unit: string;
  readonly figure: keyof SubjectFigures;
  readonly part: number;
}

/** Per cent of what, by the stem; a charge in per cent is one of the capacity. */
const RULES: readonly Rule[] = [
  { stem: 'current', relative: 'C', unit: 'A', figure: 'capacity_Ah', part: 1 },
  { stem: 'current', relative: 'pct', unit: 'A', figure: 'currentNominal_A', part: 0.01 },
  { stem: 'power', relative: 'pct', unit: 'W', figure: 'powerNominal_W', part: 0.01 },
  { stem: 'voltage', relative: 'pct', unit: 'V', figure: 'voltageNominal_V', part: 0.01 },
  { stem: 'charge', relative: 'pct', unit: 'Ah', figure: 'capacity_Ah', part: 0.01 },
  { stem: 'chargeIn', relative: 'pct', unit: 'Ah', figure: 'capacity_Ah', part: 0.01 },
  { stem: 'chargeOut', relative: 'pct', unit: 'Ah', figure: 'capacity_Ah', part: 0.01 },
  { stem: 'capacity', relative: 'pct', unit: 'Ah', figure: 'capacity_Ah', part: 0.01 },
];

const PARTS: Readonly<Record<string, keyof SubjectFigures>> = {
  cm2: 'activeArea_cm2',
  g: 'activeMass_g',
  cell: 'cells_count',
};

/** Units in which a stem may be asked for relative to the subject, for messages and the reference. */
export function relativeUnits(stem: string): readonly string[] {
  return RULES.filter(rule => rule.stem === stem).map(rule => rule.relative);
}

/** A unit that leans on the subject, for the reference: which, of what, what one of it is, by which figure. */
export interface RelativeRule {
  readonly unit: string;
  readonly of: string;
  readonly is: string;
  readonly figure: keyof SubjectFigures;
}

/** Every such unit. */
export function relativeRules(): readonly RelativeRule[] {
  const own = RULES.map(({ stem, relative, unit, figure, part }) => ({
    unit: relative,
    of: stem,
    is: part === 1 ? `the figure, in ${unit}` : `a hundredth of the figure, in ${unit}`,
    figure,
  }));
  const parts = Object.entries(PARTS).map(([per, figure]) => {
    return { unit: `..._per_${per}`, of: 'any quantity', is: 'times the figure', figure };
  });
  return [...own, ...parts];
}

/**
 * What one unit of a relative name is for this subject: `current`, `C` -> 5 A; `current`, `mA_per_cm2` -> 100 mA;
 * undefined where the unit is not relative. A missing figure is named: `subject.capacity_Ah`.
 */
export function resolveRelative(
  stem: string,
  unit: Unit,
  subject: SubjectFigures,
): Resolved | MissingFigure | undefined {
  const rule = RULES.find(r => r.stem === stem && r.relative === unit.text);
  if (rule !== undefined) return scaled(rule.unit, rule.figure, rule.part, subject);
  const [plain, per, ...more] = unit.text.split('_per_');
  if (per === undefined || !Object.hasOwn(PARTS, per)) return undefined;
  return scaled([plain, ...more].join('_per_'), PARTS[per], 1, subject);
}

function scaled(
  unit: string,
  figure: keyof SubjectFigures,
  part: number,
  subject: SubjectFigures,
): Resolved | MissingFigure {
  const value = subject[figure];
  return value === undefined ? { missing: `subject.${figure}` } : { unit, factor: value * part, figure };
}

/** True where the same quantity is asked for once as such and once relative to the subject: A and C, A and A_per_cm2. */
export function isRelativeTo(a: Unit, b: Unit): boolean {
  const isLike = (unit: Unit, text: string): boolean => {
    const other = unitNamed(text);
    return other !== undefined && (text === 'C' ? unit.text === 'C' : sameDimension(unit, other));
  };
  const isPart = (whole: Unit, part: Unit): boolean =>
    Object.keys(PARTS).some(per => {
      const divided = unitNamed(`${whole.text}_per_${per}`);
      return divided !== undefined && sameDimension(divided, part);
    });
  const isRule = (x: Unit, y: Unit): boolean => RULES.some(r => isLike(x, r.unit) && isLike(y, r.relative));
  return isRule(a, b) || isRule(b, a) || isPart(a, b) || isPart(b, a);
}
