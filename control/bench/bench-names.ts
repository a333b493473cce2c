import type { BenchNames, MeasuredName } from '../../profiles/language/bench/reference.ts';
import type { BenchFigures } from '../contract/role-table.ts';
import { type Bench, subjectOf } from './bench.ts';
import type { LoadedBench } from './bench-file.ts';
import { withoutIndex } from './checks/roles.ts';
import { peakLimits } from './impedance.ts';

/**
 * What a bench offers to a method of version 2: measured and derived roles, roles that can be set, and the figures of
 * what stands on it. A method writes a role of many values without its [].
 */
export function benchNames({ bench, descriptions }: LoadedBench): BenchNames {
  const measured = new Map<string, MeasuredName>();
  const settable: string[] = [];
  for (const [role, target] of Object.entries(bench.roles)) {
    const dot = target.indexOf('.');
    const [device, name] = [target.slice(0, dot), target.slice(dot + 1)];
    const offers = descriptions.get(device);
    const isShown = offers?.channels.some(c => c.name === name || withoutIndex(c.name) === name) === true;
    if (isShown) measured.set(nameOf(role), { isArray: role.endsWith('[]') });
    if (offers?.settables.some(s => s.name === name) === true) settable.push(role);
  }
  for (const role of Object.keys(bench.derived)) measured.set(role, { isArray: false });
  const { kind } = subjectOf(bench);
  const pollOf = (role: string): number => {
    const { poll_s = 0, latency_s = 0 } = bench.devices[bench.roles[role]?.split('.')[0] ?? ''] ?? {};
    return Math.max(poll_s, latency_s);
  };
  const controlledEach_s = Object.fromEntries(
    Object.keys(bench.softwareControl).map(role => [
      role,
      Math.max(pollOf(role), pollOf(`${kind}.current_A`)),
    ]),
  );
  const [analyser, ...others] = [...descriptions].flatMap(([id, { impedance: can }]) =>
    can === undefined ? [] : [{ id, can }],
  );
  return {
    ...(analyser === undefined || others.length > 0 ? {} : { impedance: analyser }),
    peaks: peakLimits(bench),
    subjectKind: kind,
    measured,
    settable,
    polls_s: Object.fromEntries(settable.map(role => [role, pollOf(role)])),
    controlled: Object.keys(bench.softwareControl),
    controlledEach_s,
    ranges: new Map(Object.entries(bench.limits)),
    ...benchFigures(bench),
  };
}

/** Figures of what stands on a bench, and its own, under the names that methods and conditions ask for. */
export function benchFigures(bench: Pick<Bench, 'stack' | 'cell' | 'vessel' | 'figures'>): BenchFigures {
  return { subject: subjectFigures(bench), bench: { ...bench.figures } };
}

/** Name of a role in a method: `cell.voltage_V[]` of the bench is the array `cell.voltage_V`. */
export function nameOf(role: string): string {
  return role.endsWith('[]') ? role.slice(0, -'[]'.length) : role;
}

/** W in a kW. */
const KILO = 1000;

/** Figures of what stands on the bench under the names that methods ask for; a cell is one cell in series. */
function subjectFigures({
  stack,
  cell,
  vessel,
}: Pick<Bench, 'stack' | 'cell' | 'vessel'>): Readonly<Record<string, number>> {
  if (stack !== undefined) {
    const { cells, powerNominal_kW, figures, ...plain } = stack;
    const own = { cells_count: cells, powerNominal_W: powerNominal_kW * KILO };
    return { ...numbers(plain), ...own, ...figures };
  }
  if (cell !== undefined) return { ...numbers(cell), cells_count: 1, ...cell.figures };
  return { ...numbers(vessel ?? {}), ...vessel?.figures };
}

function numbers(facts: object): Readonly<Record<string, number>> {
  const found = Object.entries(facts).filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(found);
}
