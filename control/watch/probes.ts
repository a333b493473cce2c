import { DeviceError } from '../../drivers/contract/errors.ts';
import { type Frame, isUsable } from '../../drivers/contract/frame.ts';
import type { InterlockSpec } from '../bench/bench.ts';
import type { MeasuredRole, RoleTable } from '../tick/roles.ts';
import type { Probe } from './probe.ts';
import { residualProbe } from './residual-probe.ts';
import { judgedRole } from './residual-roles.ts';
import { nameOf, type Seen, show, silence, unusable } from './words.ts';

/** Makes the probe of one bench-file interlock; a role that nothing measures is a `config` error. */
export function makeProbe(spec: InterlockSpec, roles: RoleTable, seenOf: (device: string) => Seen): Probe {
  const role = measured(spec.id, judgedRole(spec), roles);
  const seen = seenOf(role.device);
  switch (spec.kind) {
    case 'threshold':
      return thresholdProbe(spec, role, seen);
    case 'spread':
      return spreadProbe(spec, role, seen);
    case 'rate':
      return rateProbe(spec, role, seen);
    case 'residual':
      return residualProbe(spec, role, seen);
    case 'difference': {
      const minus = measured(spec.id, spec.minus, roles);
      return differenceProbe(spec, role, seen, minus, seenOf(minus.device));
    }
  }
}

function measured(id: string, role: string, roles: RoleTable): MeasuredRole {
  const entry = roles.measured.get(role);
  if (entry === undefined)
    throw new DeviceError('config', `interlock ${id}`, `role "${role}" is not measured by any device`);
  return entry;
}

interface Watch {
  value: number;
  index: number;
  reason: string;
}

function newWatch(role: MeasuredRole): Watch {
  return { value: Number.NaN, index: role.first, reason: '' };
}

/** What all probes of one role have in common: device, silence, the words for an unusable value. */
function ofOneRole(
  role: MeasuredRole,
  seen: Seen,
  watch: Watch,
  exceeded: () => string,
): Pick<Probe, 'devices' | 'isSilent' | 'describe'> {
  return {
    devices: [seen],
    isSilent: now_s => now_s - seen.last_s > role.stale_after_s,
    describe: now_s =>
      silence(role, seen, now_s) ??
      (watch.reason === '' ? exceeded() : `${nameOf(role, watch.index)} (${role.device}) is ${watch.reason}`),
  };
}

type Threshold = Extract<InterlockSpec, { kind: 'threshold' }>;

function thresholdProbe(spec: Threshold, role: MeasuredRole, seen: Seen): Probe {
  const watch = newWatch(role);
  const sign = spec.trips === '>' ? 1 : -1;
  const last = role.first + role.count;
  return {
    band: {
      first: role.first,
      count: role.count,
      low: sign > 0 ? -Number.MAX_VALUE : spec.limit,
      high: sign > 0 ? spec.limit : Number.MAX_VALUE,
    },
    ...ofOneRole(
      role,
      seen,
      watch,
      () => `${nameOf(role, watch.index)} = ${show(watch.value, role.role)} ${spec.trips} ${spec.limit}`,
    ),
    take(frame, active) {
      watch.reason = '';
      const limit = active ? (spec.rearm ?? spec.limit) : spec.limit;
      for (let i = role.first; i < last; i++) {
        const value = frame.values[i];
        if (!isUsable(value, frame.quality[i])) {
          watch.index = i;
          watch.reason = unusable(frame, i);
          return true;
        }
        if (sign * (value - limit) > 0) {
          watch.index = i;
          watch.value = value;
          return true;
        }
      }
      return false;
    },
    reading() {
      const { frame } = seen;
      if (frame === undefined) return `${role.role} not read yet`;
      // The member nearest to the limit speaks for all.
      let worst = role.first;
      for (let i = worst; i < last; i++) {
        if (sign * (frame.values[i] - frame.values[worst]) > 0) worst = i;
      }
      return `${nameOf(role, worst)} = ${show(frame.values[worst], role.role)}`;
    },
    figure() {
      const { frame } = seen;
      if (frame === undefined) return -Infinity;
      let most = -Infinity;
      for (let i = role.first; i < last; i++) {
        if (!isUsable(frame.values[i], frame.quality[i])) return Infinity;
        most = Math.max(most, sign * frame.values[i]);
      }
      return most;
    },
  };
}

type Spread = Extract<InterlockSpec, { kind: 'spread' }>;

function spreadProbe(spec: Spread, role: MeasuredRole, seen: Seen): Probe {
  const watch = newWatch(role);
  const last = role.first + role.count;
  return {
    ...ofOneRole(
      role,
      seen,
      watch,
      () =>
        `${nameOf(role, watch.index)} is ${show(watch.value, role.role)} from the mean, limit ${spec.limit}`,
    ),
    take(frame, active) {
      watch.reason = '';
      let sum = 0;
      for (let i = role.first; i < last; i++) {
        if (!isUsable(frame.values[i], frame.quality[i])) {
          watch.index = i;
          watch.reason = unusable(frame, i);
          return true;
        }
        sum += frame.values[i];
      }
      const mean = sum / role.count;
      let worst = 0;
      for (let i = role.first; i < last; i++) {
        const distance = Math.abs(frame.values[i] - mean);
        if (distance > worst) {
          worst = distance;
          watch.index = i;
        }
      }
      watch.value = worst;
      return worst > (active ? (spec.rearm ?? spec.limit) : spec.limit);
    },
    reading: () => `${nameOf(role, watch.index)} is ${show(watch.value, role.role)} from the mean`,
    figure: () => (watch.reason === '' ? watch.value : Infinity),
  };
}

type Rate = Extract<InterlockSpec, { kind: 'rate' }>;

function rateProbe(spec: Rate, role: MeasuredRole, seen: Seen): Probe {
  if (role.count !== 1)
    throw new DeviceError('config', `interlock ${spec.id}`, 'a rate needs a single role, not an array');
  const watch = newWatch(role);
  // A ring of the last over_s; 256 places are enough, older ones are thinned out by keeping a minimum distance.
  const size = 256;
  const spacing_s = spec.over_s / (size - 2);
  const t = new Float64Array(size);
  const v = new Float64Array(size);
  let head = 0;
  let count = 0;
  return {
    ...ofOneRole(
      role,
      seen,
      watch,
      () => `${role.role} changes by ${show(watch.value, role.role)}/min, limit ${spec.limit_per_min}`,
    ),
    take(frame) {
      watch.reason = '';
      const value = frame.values[role.first];
      if (!isUsable(value, frame.quality[role.first])) {
        watch.reason = unusable(frame, role.first);
        return true;
      }
      while (count > 1 && frame.t_s - t[(head - count + size) % size] > spec.over_s) count--;
      if (count === 0 || frame.t_s - t[(head - 1 + size) % size] >= spacing_s) {
        t[head] = frame.t_s;
        v[head] = value;
        head = (head + 1) % size;
        count = Math.min(size, count + 1);
      }
      const oldest = (head - count + size) % size;
      const over_s = frame.t_s - t[oldest];
      // Half a window must have been seen before a rate means anything.
      if (over_s < spec.over_s / 2) {
        watch.value = Number.NaN;
        return false;
      }
      watch.value = ((value - v[oldest]) / over_s) * 60;
      return Math.abs(watch.value) > spec.limit_per_min;
    },
    reading: () =>
      Number.isNaN(watch.value)
        ? `${role.role} is read again`
        : `${role.role} changes by ${show(watch.value, role.role)}/min`,
    figure: () =>
      watch.reason !== '' ? Infinity : Number.isNaN(watch.value) ? -Infinity : Math.abs(watch.value),
  };
}

type Difference = Extract<InterlockSpec, { kind: 'difference' }>;

function differenceProbe(
  spec: Difference,
  plus: MeasuredRole,
  plusSeen: Seen,
  minus: MeasuredRole,
  minusSeen: Seen,
): Probe {
  for (const role of [plus, minus]) {
    if (role.count !== 1)
      throw new DeviceError('config', `interlock ${spec.id}`, 'a difference needs single roles');
  }
  const a = newWatch(plus);
  const b = newWatch(minus);
  const sign = spec.trips === '>' ? 1 : -1;
  const note = (watch: Watch, role: MeasuredRole, frame: Frame): void => {
    const ok = isUsable(frame.values[role.first], frame.quality[role.first]);
    watch.value = ok ? frame.values[role.first] : Number.NaN;
    watch.reason = ok ? '' : unusable(frame, role.first);
  };
  return {
    devices: plusSeen === minusSeen ? [plusSeen] : [plusSeen, minusSeen],
    take(_frame, active) {
      // Until both sides have been seen once there is no difference to judge; silence is judged by isSilent.
      if (plusSeen.frame === undefined || minusSeen.frame === undefined) return false;
      note(a, plus, plusSeen.frame);
      note(b, minus, minusSeen.frame);
      const limit = active ? (spec.rearm ?? spec.limit) : spec.limit;
      return !(sign * (a.value - b.value - limit) <= 0);
    },
    isSilent: now_s =>
      now_s - plusSeen.last_s > plus.stale_after_s || now_s - minusSeen.last_s > minus.stale_after_s,
    describe: now_s =>
      silence(plus, plusSeen, now_s) ??
      silence(minus, minusSeen, now_s) ??
      (a.reason !== ''
        ? `${plus.role} (${plus.device}) is ${a.reason}`
        : b.reason !== ''
          ? `${minus.role} (${minus.device}) is ${b.reason}`
          : `${plus.role} - ${minus.role} = ${show(a.value - b.value, plus.role)} ${spec.trips} ${spec.limit}`),
    reading: () => `${plus.role} - ${minus.role} = ${show(a.value - b.value, plus.role)}`,
    figure() {
      if (plusSeen.frame === undefined || minusSeen.frame === undefined) return -Infinity;
      return a.reason === '' && b.reason === '' ? sign * (a.value - b.value) : Infinity;
    },
  };
}
