import { unitOf } from '../../../drivers/contract/units.ts';
import type { YamlFile } from '../../../drivers/contract/yaml-file.ts';
import { SETTLING_READINGS } from '../../../profiles/language/run/actions/software-loop.ts';
import { type Bench, subjectOf } from '../bench.ts';
import type { Reach } from './facts.ts';

/**
 * Half-cell control by software: only where its potential is measured often enough for the time in which it must settle,
 * a current can be set, and a trip stands behind it on the side to which the current drives. @throws FileError
 */
export function checkSoftwareControl(yaml: YamlFile<Bench>, { measured, settable }: Reach): void {
  const bench = yaml.value;
  for (const [role, loop] of Object.entries(bench.softwareControl)) {
    const place = ['softwareControl', role];
    const shown = measured.get(role);
    if (shown === undefined || role.endsWith('[]') || unitOf(role) !== 'V')
      throw yaml.error(
        place,
        `"${role}" is no single potential in V that an instrument of this bench measures`,
      );
    const { kind } = subjectOf(bench);
    if (role === `${kind}.voltage_V`)
      throw yaml.error(
        place,
        'is the voltage of the output, which its instrument holds: expected a potential of one electrode',
      );
    const current = `${kind}.currentSet_A`;
    if (!settable.has(current))
      throw yaml.error(place, `expected ${current} among the roles: the loop sets it`);
    const poll_s = pollOf(bench, [role, `${kind}.current_A`], measured);
    const least_s = SETTLING_READINGS * poll_s;
    if (!(loop.settle_s >= least_s)) {
      const text = `${loop.settle_s} s, but a reading comes each ${poll_s} s and the loop settles within ${SETTLING_READINGS} of them: expected ${least_s} s at least, or a shorter poll_s`;
      throw yaml.error([...place, 'settle_s'], text);
    }
    const { stale_after_s } = bench.devices[shown.device];
    if (stale_after_s > loop.settle_s)
      throw yaml.error(
        [...place, 'settle_s'],
        `${loop.settle_s} s, but ${shown.device} may be silent for ${stale_after_s} s, expected at least that, or a shorter stale_after_s`,
      );
    mustHaveTrip(yaml, role);
  }
}

/** So often all of these are read, s: the slowest of their instruments, and what an answer takes. */
function pollOf({ devices }: Bench, roles: readonly string[], measured: Reach['measured']): number {
  return Math.max(
    ...roles.flatMap(role => {
      const found = measured.get(role);
      return found === undefined ? [] : [devices[found.device].poll_s, devices[found.device].latency_s ?? 0];
    }),
  );
}

/** A trip that a step must arm is none behind a loop. */
const ALWAYS: readonly string[] = ['always', 'running'];

/** Charging lowers the potential of a negative electrode and raises that of a positive one: there the trip must stand. */
function mustHaveTrip(yaml: YamlFile<Bench>, role: string): void {
  const { softwareControl, interlocks } = yaml.value;
  const { response_mOhm, min, max } = softwareControl[role];
  const is = response_mOhm < 0 ? '<' : '>';
  const trip = interlocks.find(
    lock =>
      lock.kind === 'threshold' &&
      lock.role === role &&
      lock.reaction === 'trip' &&
      lock.trips === is &&
      ALWAYS.includes(lock.armed),
  );
  if (trip?.kind !== 'threshold')
    throw yaml.error(
      ['softwareControl', role],
      `no interlock trips where ${role} goes ${is === '<' ? 'below' : 'above'} a limit, expected one (kind: threshold, trips: '${is}', reaction: trip, armed always)`,
    );
  const [key, end] = is === '<' ? (['min', min] as const) : (['max', max] as const);
  if (is === '<' ? end > trip.limit : end < trip.limit) return;
  throw yaml.error(
    ['softwareControl', role, key],
    `${end} V is not on the good side of the trip ${trip.id} (${is} ${trip.limit} V), expected it there`,
  );
}
