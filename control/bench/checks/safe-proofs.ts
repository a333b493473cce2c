import { unitOf } from '../../../drivers/contract/units.ts';
import { MINIMUM_LOAD_FRAC } from '../../../profiles/minimum-load.ts';
import type { Bench } from '../bench.ts';
import type { Facts, Reached } from './facts.ts';
import type { Objection } from './objection.ts';

/**
 * Does the proof of the safe state prove anything?
 *
 * - For every supply and cycler a reading must show that it is off: current or power below a limit, or the output
 *   switch. Where the current can have both signs (a cell), both sides, or the switch.
 * - A line must be able to fail: not true over the whole range of the instrument, not at the lowest load that the bench
 *   runs at (5 % of nominal), not at the highest pressure of the stack. And it must be able to hold.
 */
export function* proofsProveNothing(facts: Facts): Iterable<Objection> {
  const { proof } = facts.bench.safeState;
  yield* offIsProved(facts);
  for (const [i, line] of proof.entries()) {
    const entry = ['safeState', 'proof', i];
    const text = emptiness(facts, line);
    if (text !== undefined) yield { check: 'proof-proves-nothing', entry, place: [...entry, 'limit'], text };
  }
}

/** What makes a comparison empty: always true, or never. Undefined: it tells something. */
export function emptiness(
  facts: Facts,
  { role, is, limit }: { readonly role: string; readonly is: '<' | '>'; readonly limit: number },
): string | undefined {
  const shown = facts.reach.measured.get(role);
  if (shown === undefined) return undefined;
  const [low, high] = shown.range.map(end => Number(end.toPrecision(6)));
  const unit = unitOf(role) ?? '';
  const said = `${role} ${is} ${limit}`;
  if (is === '<' ? limit <= low : limit >= high) {
    return `${said} can never hold, ${shown.device} shows ${low}..${high} ${unit}, expected a limit inside`;
  }
  // The end of an on/off reading is the one thing that it can show beside.
  if (unit !== 'on' && (is === '<' ? limit >= high : limit <= low)) {
    return `${said} always holds, ${shown.device} shows ${low}..${high} ${unit}, expected a limit inside`;
  }
  const load = lowestLoad(facts, role, shown);
  if (load !== undefined && (is === '<' ? limit <= 0 : limit >= 0)) {
    return `${said} does not hold without any load, expected a limit ${is === '<' ? 'above' : 'below'} 0 ${unit}`;
  }
  if (load !== undefined && (is === '<' ? limit > load : limit < -load)) {
    const size = is === '<' ? `${load}` : `${-load}`;
    const expected = is === '<' ? `<= ${load}` : `>= ${-load}`;
    return `${said} holds under load (lowest load ${size} ${unit}), expected a limit ${expected} ${unit}`;
  }
  const pressureMax_barg = (facts.bench.stack ?? facts.bench.vessel)?.pressureMax_barg;
  if (is === '<' && unit === 'barg' && pressureMax_barg !== undefined && limit >= pressureMax_barg) {
    return `${said} holds at the own maximum of what is under test (${pressureMax_barg} barg), expected a lower limit`;
  }
  return undefined;
}

/** Lowest load that counts as load, in the unit of a current or power reading of what is under test. */
function lowestLoad(facts: Facts, role: string, { device }: Reached): number | undefined {
  const isSubject = /^(stack|cell)\./.test(role);
  if (!isSubject && !facts.power.some(p => p.id === device)) return undefined;
  const { current_A, power_W } = nominalOf(facts.bench);
  const unit = unitOf(role);
  if (unit === 'A') return MINIMUM_LOAD_FRAC * current_A;
  if (unit === 'W') return MINIMUM_LOAD_FRAC * power_W;
  return unit === 'kW' ? (MINIMUM_LOAD_FRAC * power_W) / 1000 : undefined;
}

/** Nominal load: of a cell one capacity an hour. */
function nominalOf({ stack, cell }: Bench): { readonly current_A: number; readonly power_W: number } {
  if (stack !== undefined) {
    return { current_A: stack.currentNominal_A, power_W: stack.powerNominal_kW * 1000 };
  }
  const current_A = cell?.capacity_Ah ?? 0;
  return { current_A, power_W: current_A * (cell?.voltageMax_V ?? 0) };
}

function* offIsProved(facts: Facts): Iterable<Objection> {
  const { bench, reach } = facts;
  const { power } = facts;
  for (const { id } of power) {
    const lines = bench.safeState.proof.flatMap(line => {
      const shown = reach.measured.get(line.role);
      // A shunt of another device may be the better witness, where there is one supply.
      const isWitness = shown?.device === id || (power.length === 1 && /^(stack|cell)\./.test(line.role));
      return shown !== undefined && isWitness ? [{ ...line, name: shown.name, unit: unitOf(line.role) }] : [];
    });
    const byCurrent = (is: '<' | '>'): boolean =>
      lines.some(line => line.is === is && ['A', 'W', 'kW'].includes(line.unit ?? ''));
    const bySwitch = lines.some(line => line.is === '<' && line.unit === 'on' && /output/i.test(line.name));
    const isBothWays = [...reach.settable].some(
      ([role, set]) => set.device === id && unitOf(role) === 'A' && (bench.limits[role]?.min ?? 0) < 0,
    );
    if (bySwitch || (byCurrent('<') && (!isBothWays || byCurrent('>')))) continue;
    const entry = ['devices', id];
    const sides = isBothWays && byCurrent('<') ? 'a current can flow the other way: expected' : 'expected';
    const text = `no proof of the safe state shows that ${id} is off, ${sides} { role: <its current or output>, is: '<', ... } in safeState.proof`;
    yield { check: 'off-is-not-proved', entry, place: entry, text };
  }
}
