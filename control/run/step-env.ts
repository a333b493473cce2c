import { type Unit, unitOf } from '../../drivers/contract/units.ts';
import type { LanguageEnv } from '../../profiles/language/run/env.ts';
import { MINIMUM_LOAD_FRAC } from '../../profiles/minimum-load.ts';
import { peakLimits } from '../bench/impedance.ts';
import { outputOf } from '../bench/output.ts';
import type { RoleTable } from '../contract/role-table.ts';
import { DERIVED_DEVICE, METHOD_DEVICE } from '../kinds/derived/kind.ts';
import { MethodFrames } from '../tick/method-frames.ts';
import type { Asks } from './asks.ts';
import { modulusFound_Ohm } from './measure/kept.ts';
import type { Measuring } from './measure/measuring.ts';
import type { RunSpec } from './run.ts';
import type { BenchSession } from './session.ts';

const CURRENT_SET = 'stack.currentSet_A';
const POWER_SET = 'stack.powerSet_W';
const CURRENT = 'stack.current_A';

/**
 * The bench as the steps of a run see it, and whether it carries load now (an unknown current counts as load). Steps
 * speak in run time, which begins at `origin_s` of the session.
 */
export function stepEnv(
  session: BenchSession,
  run: {
    readonly spec: RunSpec;
    readonly origin_s: number;
    readonly asks: Asks;
    readonly measuring: Measuring;
  },
): LanguageEnv {
  const { spec, origin_s, asks, measuring } = run;
  const { gate, image, parts } = session;
  const { recording, roles, bench } = parts;
  const { subject } = spec;
  const program = parts.program?.();
  // What a program drives nobody else does.
  const output = program === undefined ? outputOf(bench, roles) : undefined;
  const shown = new MethodFrames({ image, sink: recording, frames$: session.sampling.frames$ });
  const peaks = peakLimits(bench);
  const counts = countsOf(roles);
  return {
    value: role => image.value(role),
    arrived_s: role => image.arrived_s(role) - origin_s,
    applied: role => gate.applied(role),
    limits: role => roles.settable.get(role),
    ask: (role, value, source, way) => void gate.ask(role, value, source, way),
    holdPoints: Object.entries(bench.hold).map(([role, point]) => ({ role, ...point })),
    answer: role => gate.answer(role),
    note: (t_s, note, text) => recording.event({ ...note, t_s: t_s + origin_s, text }),
    noteAsked: (t_s, role, value, source) =>
      recording.setpoint({
        t_s: t_s + origin_s,
        role,
        asked: value,
        applied: Number.NaN,
        source,
        outcome: 'asked',
      }),
    timeFactor: spec.timeFactor,
    count: role => counts.get(role) ?? 0,
    fill: (role, into, first) => image.fill(role, into, first),
    gauges: gaugesOf(roles),
    accuracy: role => roles.measured.get(role)?.accuracy,
    // An edit may have brought others.
    data: (name, column) => run.spec.procedure.data?.column(name, column),
    dataEnd_s: name => run.spec.procedure.data?.end_s(name) ?? Infinity,
    askPerson: (t_s, what, text) => asks.ask(t_s, what, text),
    confirmedBy: what => asks.confirmedBy(what),
    impedance: measuring.ability,
    peaks,
    found_Ohm: (low_Hz, high_Hz) => modulusFound_Ohm(measuring.spectra, low_Hz, high_Hz),
    sweep: measuring.sweepAbility,
    measure: (request, of, judge) => measuring.begin(request, of, judge),
    get measuring() {
      return measuring.now;
    },
    giveUpMeasuring: reason => measuring.giveUp(reason),
    showDerived: (t_s, values) => shown.show(t_s + origin_s, values),
    keepBy: rule => recording.keepBy(rule),
    keepEdge: () => recording.keepEdge(),
    keepAll: (from_s, to_s) => recording.keepAll(from_s + origin_s, to_s + origin_s),
    output,
    program,
    capacity_Ah: subject.kind === 'cell' ? subject.capacity_Ah : Number.NaN,
    cells_count: subject.kind === 'stack' ? subject.cells : 1,
    isLoaded() {
      if (subject.kind !== 'stack') return false;
      // A supply that holds a power has its current open to the limit.
      if (gate.applied(POWER_SET) < MINIMUM_LOAD_FRAC * subject.powerNominal_kW * 1000) return false;
      // Before anything was asked for, what is measured counts; nothing measured counts as load.
      const set_A = gate.applied(CURRENT_SET);
      const current_A = Number.isNaN(set_A) ? image.value(CURRENT) : set_A;
      return !(current_A < MINIMUM_LOAD_FRAC * subject.currentNominal_A);
    },
  };
}

/** Values of each role; a method writes a role of many values without its []. */
function countsOf({ measured }: RoleTable): ReadonlyMap<string, number> {
  const bare = [...measured].flatMap(([role, { count }]) =>
    role.endsWith('[]') ? [[role.slice(0, -2), count] as const] : [],
  );
  return new Map([...bare, ...[...measured].map(([role, { count }]) => [role, count] as const)]);
}

/** Quantities of gauges: what scatters with the load, counts, switches or is a position (`pct`) is none. */
const GAUGE_UNITS: readonly (Unit | undefined)[] = [
  ...(['degC', 'barg', 'bara', 'bar', 'MPa', 'vol_pct'] as const),
  ...(['NL_per_min', 'L_per_min', 'uS_per_cm'] as const),
];

/** Gauges of a bench: measured by an instrument, not worked out of others. */
function gaugesOf({ measured }: RoleTable): string[] {
  const own = [...measured.values()].filter(
    ({ device, words }) => words === undefined && device !== DERIVED_DEVICE && device !== METHOD_DEVICE,
  );
  return own.flatMap(({ role }) => (GAUGE_UNITS.includes(unitOf(role)) ? [role] : []));
}
