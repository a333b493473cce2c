import { OFFSET_MOST_S } from '../../../../drivers/instrument-clock.ts';
import { findDriver } from '../../../../drivers/registry.ts';
import type { LoadedBench } from '../../../bench/bench-file.ts';
import { derivedKindOf } from '../../../kinds/derived/index.ts';
import { namesOfTable } from '../../../kinds/interlocks/condition.ts';
import { kindOf } from '../../../kinds/interlocks/index.ts';
import { compileRoles } from '../../../tick/roles.ts';
import { clockText } from '../../../watch/instrument-clock.ts';
import { slowPollText } from '../../../watch/slow-polls.ts';
import type { LookedChannel, LookedDevice } from './look.ts';

/** Something that a person should look at. */
export interface Finding {
  /** `stop`: no run is possible like that. */
  readonly level: 'stop' | 'look';
  readonly device?: string;
  readonly text: string;
}

/** Readings that stand exactly still over more than these are no measurement of anything that moves. */
const STILL_READINGS = 4;

/** What was seen that is not as it should be, and what the bench file leaves open. */
export function findings(loaded: LoadedBench, devices: readonly LookedDevice[]): readonly Finding[] {
  const found: Finding[] = [];
  for (const { device, identity, reason, channels, awaitsRun, poll_s, clock = [] } of devices) {
    if (identity === 'not had') found.push({ level: 'stop', device, text: reason ?? 'cannot be had' });
    const slow = poll_s === undefined ? undefined : slowPollText(poll_s, loaded.bench.devices[device]);
    if (slow !== undefined) found.push({ level: 'look', device, text: slow });
    for (const note of clock) found.push({ level: 'look', device, text: clockText(note) });
    for (const channel of channels)
      if (awaitsRun === undefined || channel.bad === 0) found.push(...ofChannel(device, channel));
    const old = clock.length > 0 ? undefined : channels.find(isOld);
    if (old !== undefined)
      found.push({
        level: 'look',
        device,
        text: `${old.name}: ${(-(old.mean ?? 0)).toPrecision(3)} s before arrival: a clock that is off, or a value that old`,
      });
  }
  for (const [device, description] of loaded.descriptions) {
    const { watchdog } = loaded.bench.devices[device];
    const drives = description.settables.length > 0;
    if (description.watchdog === true && watchdog === undefined)
      found.push({
        level: 'look',
        device,
        text: 'has a watchdog, and the bench file does not arm it (watchdog:)',
      });
    if (drives && description.watchdog !== true && description.onLoss !== 'off')
      found.push({
        level: 'look',
        device,
        text: `no watchdog: when we fall silent its outputs ${description.onLoss === 'hold' ? 'stay as they are' : 'do nobody knows what'}`,
      });
  }
  return found;
}

/** Of a calendar clock that did not move on, nobody can say which of the two it is. */
const isOld = ({ clock, mean }: LookedChannel): boolean =>
  clock === 'utc' && mean !== null && mean < -OFFSET_MOST_S;

function ofChannel(device: string, channel: LookedChannel): Finding[] {
  const { name, unit, n, bad, noise, zero, accuracy, reason } = channel;
  const because = reason === undefined ? '' : `: ${reason}`;
  if (n === 0) return [{ level: 'look', device, text: `${name}: no usable reading${because}` }];
  const found: Finding[] = [];
  if (bad > 0)
    found.push({
      level: 'look',
      device,
      text: `${name}: ${bad} of ${n + bad} readings not usable${because}`,
    });
  if (zero !== undefined && accuracy !== null && Math.abs(zero) > accuracy)
    found.push({
      level: 'look',
      device,
      text: `${name}: shows ${zero.toPrecision(3)} ${unit} with the output off, more than its accuracy of ${accuracy.toPrecision(3)} ${unit}: zero it`,
    });
  if (noise !== null && accuracy !== null && accuracy > 0 && noise > accuracy)
    found.push({
      level: 'look',
      device,
      text: `${name}: scatters by ${noise.toPrecision(3)} ${unit}, more than its accuracy of ${accuracy.toPrecision(3)} ${unit}: screen, ground, filter`,
    });
  if (noise === 0 && n > STILL_READINGS && accuracy !== null && accuracy > 0 && channel.mean !== 0)
    found.push({
      level: 'look',
      device,
      text: `${name}: ${n} readings stand exactly still: does it measure?`,
    });
  return found;
}

/** Something that is on or off, not a quantity. */
const isState = (role: string): boolean => role.endsWith('_on');

/** Measured quantities that no interlock judges, neither as they are nor in what is derived of them, in the order of the bench file. */
function unlimitedRoles({ bench, descriptions }: LoadedBench): readonly string[] {
  const roles = compileRoles(bench, descriptions);
  const names = namesOfTable(roles);
  const judged = new Set(bench.interlocks.flatMap(spec => kindOf(spec).judged(spec, names)));
  for (const [role, spec] of Object.entries(bench.derived))
    if (judged.has(role))
      for (const source of Object.values(derivedKindOf(spec).sources(spec))) judged.add(source);
  const isOther = (role: string): boolean =>
    judged.has(role) || bench.derived[role] !== undefined || isState(role);
  return [...roles.measured.keys()].filter(role => !isOther(role));
}

/** What no program can do: in the order in which it is best done. */
export function toDo(loaded: LoadedBench): readonly string[] {
  const { bench, descriptions } = loaded;
  const { safeState, interlocks, devices } = bench;
  const means = [...new Set([...safeState.steps, ...safeState.proof].map(line => line.otherwise))];
  const untried = Object.entries(devices).filter(([, { driver }]) =>
    /emulator only/.test(findDriver(driver).triedOn),
  );
  const unlimited = unlimitedRoles(loaded);
  const assumed = interlocks.filter(({ basis }) => basis !== 'sourced');
  const recalled = [...descriptions].filter(([, { channels }]) =>
    channels.some(({ accuracy }) => accuracy.basis !== 'sourced'),
  );
  const outputs = [...descriptions].filter(([, { settables }]) =>
    settables.some(s => s.name === 'outputSet_on'),
  );
  return [
    'checks the hard-wired limits, relief valves and the emergency stop: software is not the protection',
    ...means.map(text => `tries the means by hand: ${text}`),
    ...outputs.map(
      ([id]) =>
        `without load: switches the output of ${id} on at a small current, looks at sign and size of what is read, and off`,
    ),
    ...Object.entries(devices)
      .filter(([, { watchdog }]) => watchdog !== undefined)
      .map(
        ([id, { watchdog }]) =>
          `without load: pulls the wire of ${id} while its output is on, and sees it go off within ${watchdog?.timeout_s} s by itself`,
      ),
    ...untried.map(
      ([id, { driver }]) =>
        `compares every reading and set point of ${id} with its panel: driver ${driver} was tried on an emulator only`,
    ),
    ...(recalled.length === 0
      ? []
      : [
          `puts the accuracies of calibration sheets in place of recalled and default ones: ${recalled.map(([id]) => id).join(', ')}`,
        ]),
    ...(unlimited.length === 0
      ? []
      : [`decides whether what is measured and no interlock looks at needs one: ${unlimited.join(', ')}`]),
    ...(assumed.length === 0
      ? []
      : [
          `goes through ${assumed.length} interlocks whose limit is a default or recalled: ${assumed.map(({ id }) => id).join(', ')}`,
        ]),
    'rehearses the method: npm run rehearse -- BENCH METHOD',
  ];
}
