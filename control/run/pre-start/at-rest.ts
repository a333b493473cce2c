import type { MeasuredRole } from '../../contract/role-table.ts';
import type { StartRow } from '../../contract/start-check.ts';
import { nameOf, show } from '../../kinds/interlocks/words.ts';
import { proves } from '../safe/plan.ts';
import { isUnknown, type StartFacts } from './facts.ts';
import { setUpByRun } from './instruments.ts';
import { idle, judged } from './row.ts';

/** What stands on the bench, before any current: leads the right way round and closed, gauges at zero, nothing in the way. */

/** Less than this between two leads, or than the accuracy of what reads it, tells nothing of their sign, V (default). */
const TELLS_V = 0.05;
/** A cell whose sheet allows less than this cannot be told from an open lead by its voltage, V (default). */
const OPEN_BELOW_V = 0.5;

/** Why nothing is asked of what several runs share. */
const OTHERS = 'another run on this bench needs it';

const VOLTAGES = /^(stack|cell)\.voltage_V(\[\])?$/;

/** The voltage of what is under test has the right sign where it has one. */
export function polarity({ bench, measured, valuesOf }: StartFacts): StartRow[] {
  return voltagesOf(measured).map((role): StartRow => {
    const tells_V = Math.max(TELLS_V, role.accuracy.abs);
    const expected = `no voltage below ${-tells_V} V`;
    const { value, name } = extreme(role, valuesOf(role), 'least');
    const asked = { what: role.role, expected, seen: said(role, value, name) };
    if (Number.isNaN(value)) return idle('polarity', asked, 'no usable reading');
    if (bench.cell !== undefined && bench.cell.voltageMin_V < 0)
      return idle('polarity', asked, 'the sheet of the cell allows voltages below 0');
    if (value < -tells_V) return judged('polarity', asked, false);
    if (value < tells_V) return idle('polarity', asked, 'at rest there is too little to tell the sign by');
    return judged('polarity', asked, true);
  });
}

/** A cell at rest shows what its sheet allows: an open lead, or no cell, shows about nothing, or anything. */
export function openLead({ bench, measured, valuesOf }: StartFacts): StartRow[] {
  return voltagesOf(measured).map((role): StartRow => {
    const { cell } = bench;
    const { value, name } = extreme(role, valuesOf(role), 'least');
    const seen = said(role, value, name);
    if (cell === undefined) {
      const asked = { what: role.role, expected: 'closed leads', seen };
      return idle('open-lead', asked, 'a stack at rest has no voltage of its own to show them by');
    }
    const expected = `above ${show(OPEN_BELOW_V, 'x.y_V')} and not above ${show(1.1 * cell.voltageMax_V, 'x.y_V')}`;
    const asked = { what: role.role, expected, seen };
    if (Number.isNaN(value)) return idle('open-lead', asked, 'no usable reading');
    if (cell.voltageMin_V < OPEN_BELOW_V)
      return idle('open-lead', asked, 'the sheet of the cell allows voltages near 0');
    const most = extreme(role, valuesOf(role), 'most').value;
    return judged('open-lead', asked, value > OPEN_BELOW_V && most <= 1.1 * cell.voltageMax_V);
  });
}

/**
 * A gauge at rest reads nothing, or what is left in it; one that reads less has lost its zero. What the controlled vent of the
 * safe state lets off stands vented before a start: a stack that somebody left under pressure is no place to begin.
 */
export function pressureZero({ bench, measured, valuesOf, isLeft }: StartFacts): StartRow[] {
  const ventOf = (role: string) =>
    bench.safeState.steps.flatMap(step => ('vent' in step && step.role === role ? [step] : []))[0];
  return measured
    .filter(role => role.role.endsWith('_barg') || role.role.endsWith('_barg[]'))
    .map((role): StartRow => {
      const zero_bar = Math.max(bench.preStart.pressureZero_bar, role.accuracy.abs);
      const { value, name } = extreme(role, valuesOf(role), 'least');
      const expected = `0 barg within ${zero_bar} bar where it is vented`;
      const asked = { what: role.role, expected, seen: said(role, value, name) };
      if (Number.isNaN(value)) return idle('pressure-zero', asked, 'no usable reading');
      if (isLeft?.(role.device) === true) return idle('pressure-zero', asked, OTHERS);
      const vent = ventOf(role.role);
      if (value > zero_bar && vent !== undefined) {
        const vented = `below ${show(vent.below, role.role)}, to which its vent in the safe state leads`;
        return judged('pressure-zero', { ...asked, expected: vented }, value < vent.below);
      }
      if (value > zero_bar)
        return idle('pressure-zero', asked, 'it is under pressure: its zero cannot be seen');
      return judged('pressure-zero', asked, value >= -zero_bar);
    });
}

/** The proofs of the safe state, and no alarm. */
export function permissives(facts: StartFacts): StartRow[] {
  const { bench, devices, measured, valuesOf, blocking, isDriving, isLeft } = facts;
  const proofs = bench.safeState.proof.map((proof): StartRow => {
    const role = measured.find(one => one.role === proof.role);
    const value = role === undefined ? Number.NaN : (valuesOf(role)[0] ?? Number.NaN);
    const seen = Number.isNaN(value) ? 'no usable reading' : show(value, proof.role);
    const asked = { what: proof.role, expected: `${proof.is} ${show(proof.limit, proof.role)}`, seen };
    if (role !== undefined && isLeft?.(role.device) === true) return idle('permissive', asked, OTHERS);
    const awaitsRun = devices.find(({ device }) => device === role?.device)?.awaitsRun;
    if (awaitsRun !== undefined && Number.isNaN(value))
      return idle('permissive', asked, setUpByRun(awaitsRun));
    if (isDriving && !Number.isNaN(value))
      return idle('permissive', asked, 'a program of the cycler drives the cell already');
    return judged('permissive', asked, proves(proof, value));
  });
  const asked = { what: 'alarms', expected: 'none that holds, stops or trips' };
  const alarms = isUnknown(blocking)
    ? idle('permissive', { ...asked, seen: '' }, blocking.unknown)
    : judged(
        'permissive',
        { ...asked, seen: blocking.length === 0 ? 'none' : blocking.join(', ') },
        blocking.length === 0,
      );
  return [...proofs, alarms];
}

/** The figure; which member of an array it is of. */
function said(role: MeasuredRole, value: number, name: string): string {
  if (Number.isNaN(value)) return '';
  return role.count === 1 ? show(value, role.role) : `${name} ${show(value, name)}`;
}

function voltagesOf(measured: readonly MeasuredRole[]): MeasuredRole[] {
  return measured.filter(({ role }) => VOLTAGES.test(role));
}

/** The least or most of the usable members; NaN without one. */
function extreme(
  role: MeasuredRole,
  values: readonly number[],
  which: 'least' | 'most',
): { readonly value: number; readonly name: string } {
  let found = -1;
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    if (found < 0 || (which === 'least' ? value < values[found] : value > values[found])) found = i;
  }
  return found < 0
    ? { value: Number.NaN, name: role.role }
    : { value: values[found], name: nameOf(role, role.first + found) };
}
