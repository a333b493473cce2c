import { unitOf } from '../../../drivers/contract/units.ts';
import { effectsOf, type Facts } from './facts.ts';
import type { Objection } from './objection.ts';

/**
 * Does the safe state leave anything out?
 *
 * - Every supply and cycler is switched off: its output switch to 0 (without one its current, else its power, else its
 *   voltage), by a `device:` line whose own safe list does so or by `set` lines. These lines come first and wait for
 *   nothing: everything else may be done while the stack is dead.
 * - Every other output is put somewhere: valves, pumps, ventilation, set points of pressure, temperature, flow and
 *   power. What stays as a method left it at the moment of a trip is no safe state.
 * - Not asked for: what a supply would do if it were on (its voltage, current and power set points, modes, limits of a
 *   method such as `cell.voltageMaxSet_V`), since its output is off.
 */
export function* safeStateLeavesOut(facts: Facts): Iterable<Objection> {
  const { bench, descriptions, reach } = facts;
  const { steps } = bench.safeState;
  const effects = steps.map(step => effectsOf(facts, step));
  const { power } = facts;
  const lineThatSets = (device: string, name: string, value?: number): number =>
    effects.findIndex(of =>
      of.some(e => e.device === device && e.name === name && (value === undefined || e.value === value)),
    );

  for (const { id, off } of power) {
    const missing = off.find(name => lineThatSets(id, name, 0) < 0);
    if (missing !== undefined) {
      const entry = ['devices', id];
      const text = `can drive current, and no line of the safe state sets its ${missing} to 0, expected { device: ${id}, ... } as the first of safeState.steps`;
      yield { check: 'safe-state-leaves-out', entry, place: entry, text };
    }
  }

  const isPower = (device: string): boolean => power.some(p => p.id === device);
  const last = Math.max(-1, ...power.flatMap(p => p.off.map(name => lineThatSets(p.id, name, 0))));
  for (const [i, step] of steps.entries()) {
    const entry = ['safeState', 'steps', i];
    const isOff = effects[i].some(e => isPower(e.device));
    if (i < last && !isOff) {
      const name = 'device' in step ? step.device : 'set' in step ? step.set : step.vent;
      const late = steps[last];
      const what = 'device' in late ? late.device : 'set' in late ? late.set : late.vent;
      const text = `${name} comes before ${what} is off, expected what drives current to go off first`;
      yield { check: 'output-off-first', entry, place: entry, text };
    }
    if (i <= last && isOff && 'when' in step && step.when !== undefined) {
      const text = 'what drives current would wait for a reading, expected it to go off at once';
      yield { check: 'output-off-first', entry, place: [...entry, 'when'], text };
    }
    if ('device' in step && effects[i].length === 0) {
      const text = `${step.device} has no safe list of its own: this line does nothing, expected set or vent lines for its roles`;
      yield { check: 'safe-line-does-nothing', entry, place: [...entry, 'device'], text };
    }
  }

  for (const [role, { device, name }] of reach.settable) {
    if (!isOutput(name, isPower(device)) || lineThatSets(device, name) >= 0) continue;
    // That the supply stays on has been said.
    if (power.some(p => p.id === device && p.off.includes(name))) continue;
    const entry = ['limits', role];
    const text = `no line of the safe state puts ${role} anywhere, expected { set: ${role}, to: ... } in safeState.steps`;
    yield { check: 'safe-state-leaves-out', entry, place: entry, text };
  }

  // What a device would do for its own safety, and no role can: only its own line does it.
  for (const [id, { safeList }] of descriptions) {
    const idle = safeList.find(([name]) => lineThatSets(id, name) < 0);
    if (idle === undefined || power.some(p => p.id === id)) continue;
    const entry = ['devices', id];
    const text = `its own safe list sets ${idle[0]}, and no line of the safe state does, expected { device: ${id}, ... } in safeState.steps`;
    yield { check: 'safe-state-leaves-out', entry, place: entry, text };
  }
}

/** Units of what acts only through a supply's output, and of what is no output at all. */
const BEHIND_THE_SWITCH = ['V', 'mV', 'A', 'W', 'kW'];
const NO_OUTPUT = ['Ah', 'Wh', 'Ohm', 'count', 's'];

function isOutput(name: string, isPowerDevice: boolean): boolean {
  const unit = unitOf(name) ?? '';
  return !NO_OUTPUT.includes(unit) && !(isPowerDevice && BEHIND_THE_SWITCH.includes(unit));
}
