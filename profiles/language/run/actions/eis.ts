import {
  cannotMeasure,
  type ImpedanceDc,
  type ImpedanceRequest,
} from '../../../../drivers/contract/measure/impedance.ts';
import { stemOf } from '../../file/keys.ts';
import { MOST_CYCLES, MOST_POINTS } from '../../steps/measured/eis.ts';
import { Asking } from '../asking.ts';
import type { LanguageEnv } from '../env.ts';
import { PeakGuard } from '../measure/peak-guard.ts';
import { spectrumAsked } from '../measure/spectrum-asked.ts';
import { foundBy, trialOf } from '../measure/trial.ts';
import { cannotDrive, type Stage, stagesInto } from '../output.ts';
import type { Action, ActionEnd, ActionParts } from './action.ts';
import { failing } from './electrical.ts';
import { Measured, measuredStep } from './measured.ts';
import { intoOf } from './standing.ts';

/**
 * `eis`: the direct current first (it stays, none flows, or a bias), then the spectrum, where nothing is known of the
 * impedance behind a point of a small amplitude; ends when the instrument has all of it. After a cut it begins again from its first frequency.
 */
export function eis(parts: ActionParts): Action {
  const { instruction, env, label } = parts;
  const can = env.impedance;
  if (can === undefined) return failing(NOTHING_MEASURES);
  const bias = biasOf(parts);
  if (typeof bias === 'object' && 'wrong' in bias) return failing(bias.wrong);
  const asking = new Asking(stagesOf(env, bias), label);
  const spectrum = new Measured(parts);
  /** Since when the direct current stands as it is asked for. */
  let applied_s: number | undefined;
  let guard: PeakGuard | undefined;
  /** What is tried of it first is under way: that, and the whole of it. */
  let trial: { readonly tried: ImpedanceRequest; readonly whole: ImpedanceRequest } | undefined;

  const begin = (t_s: number): ActionEnd | undefined => {
    const request = requestOf(parts, bias);
    if ('wrong' in request) return { kind: 'failed', reason: request.wrong };
    const wrong = cannotMeasure(can, { ...request, dc: wordOf(bias) });
    if (wrong !== undefined) return { kind: 'failed', reason: `the impedance instrument: ${wrong}` };
    const peaks = new PeakGuard(env, can, request, instruction.tags);
    guard = peaks;
    if (peaks.isUnknown) return undefined;
    const beyond = peaks.before(t_s);
    if (beyond !== undefined) return { kind: 'failed', reason: beyond };
    const tried = peaks.isOpen ? trialOf(request) : undefined;
    trial = tried === undefined ? undefined : { tried, whole: request };
    if (tried === undefined) spectrum.begin(request, found => peaks.point(found));
    else spectrum.begin(tried, undefined, { trialOf: request.amplitude });
    return undefined;
  };
  /** The small amplitude has told the impedance: all of it as asked, if that stays within the limits. */
  const goOn = (peaks: PeakGuard, { tried, whole }: NonNullable<typeof trial>): ActionEnd | undefined => {
    const end = spectrum.end('no impedance');
    if (end === undefined || end.kind === 'failed') return end;
    const found = foundBy(tried, env.measuring);
    if (typeof found === 'string') return { kind: 'failed', reason: found };
    const beyond = peaks.point(found);
    if (beyond !== undefined) return { kind: 'failed', reason: `${beyond}; by a point of a small amplitude` };
    trial = undefined;
    spectrum.begin(whole, modulus_Ohm => peaks.point(modulus_Ohm));
    return undefined;
  };

  return measuredStep(() => asking, {
    tick({ t_s }): ActionEnd | undefined {
      const progress = asking.tick(env, t_s);
      if (typeof progress === 'object')
        return { kind: 'missing', reason: `not applied in time: ${progress.missing}` };
      if (progress === 'waits') return undefined;
      if (!spectrum.isBegun) {
        applied_s ??= t_s;
        return isSeen(env, bias, applied_s) ? begin(t_s) : undefined;
      }
      const found = trial === undefined ? env.measuring.modulus_Ohm : undefined;
      const beyond = guard?.look(t_s, found ?? NOTHING_FOUND);
      if (beyond !== undefined) return { kind: 'failed', reason: beyond };
      if (guard !== undefined && trial !== undefined) return goOn(guard, trial);
      return spectrum.end('no spectrum');
    },
    due_s: () => undefined,
    atRest(reason = 'held') {
      // The direct current goes with it.
      if (spectrum.giveUp(reason)) applied_s = undefined;
    },
    afterHold: ({ held_s, t_s }) => {
      asking.shift(held_s);
      if (applied_s !== undefined) applied_s = t_s;
    },
    leave: reason => void spectrum.giveUp(reason),
  });
}

/**
 * The first point already has the voltage and current of its moment beside it: both are read afresh after the direct current
 * was set. What nobody measures is not waited for.
 */
function isSeen(env: LanguageEnv, bias: Bias, since_s: number): boolean {
  if (bias === 'keep' || env.output === undefined) return true;
  const { subject } = env.output;
  return [`${subject}.current_A`, `${subject}.voltage_V`]
    .map(role => env.arrived_s(role))
    .every(arrived_s => arrived_s === Number.NEGATIVE_INFINITY || arrived_s > since_s);
}

/** No point of it has been measured yet. */
const NOTHING_FOUND = [Number.NaN, Number.NaN] as const;

/** Why no spectrum can be measured on a bench without an instrument for it. */
export const NOTHING_MEASURES =
  'nothing on this bench measures impedance, expected a device that does (driver generic/impedance-json)';

type Bias = 'keep' | 'open' | { readonly voltage_V: number } | { readonly current_A: number };

const wordOf = (bias: Bias): ImpedanceDc => (typeof bias === 'object' ? 'bias' : bias);

/** What the direct current is to do, in V or A; a bias is refused that this bench cannot drive. */
function biasOf(parts: ActionParts): Bias | { readonly wrong: string } {
  const dc = parts.instruction.own['dc'] ?? 'keep';
  if (dc === 'keep' || dc === 'open') return dc;
  const [key] = Object.keys(dc as object);
  const stem = stemOf(key);
  const mode = stem === 'voltage' ? 'cv' : 'cc';
  const wrong = cannotDrive(parts.env.output, mode);
  if (wrong !== undefined) return { wrong };
  const [, value] = parts.onRole(`dc.${key}`, parts.value(`dc.${key}`));
  if (Number.isNaN(value)) return { wrong: `${key} is not known` };
  return stem === 'voltage' ? { voltage_V: value } : { current_A: value };
}

function stagesOf(env: LanguageEnv, bias: Bias): readonly Stage[] {
  const { output } = env;
  // Where nothing drives an output the device under test is at open circuit already.
  if (bias === 'keep' || output === undefined) return [];
  const isOn = env.applied(output.roles.output) === 1;
  if (bias === 'open') return stagesInto(output, 'rest', {}, { isOn });
  const mode = 'voltage_V' in bias ? 'cv' : 'cc';
  const values = 'voltage_V' in bias ? { voltage: bias.voltage_V } : { current: bias.current_A };
  return stagesInto(output, mode, values, intoOf(env, mode, isOn));
}

/** So many times what its meter declares a direct current must be, for a part of it to be an amplitude. */
const ABOVE_ZERO = 3;

/** What the instrument is asked; the amplitude of a part of the direct current as it is now. */
function requestOf(parts: ActionParts, dc: Bias): ImpedanceRequest | { readonly wrong: string } {
  const { instruction, env } = parts;
  const { isOfCurrent, ...asked } = spectrumAsked(instruction.own, parts.value);
  let { amplitude } = asked;
  if (isOfCurrent) {
    const key = parts.keyOf('amplitude') ?? '';
    const role = `${env.output?.subject ?? 'cell'}.current_A`;
    const direct_A = Math.abs(env.value(role));
    const { reading_pct = 0, abs = 0 } = env.accuracy?.(role) ?? {};
    // A part of what the meter shows of no current at all is no amplitude.
    const nothing_A = ABOVE_ZERO * ((reading_pct / 100) * direct_A + abs);
    if (!(direct_A > nothing_A))
      return {
        wrong: Number.isNaN(direct_A)
          ? `${key} of a direct current that is not known, expected an amplitude in mA`
          : `${key} of a direct current of ${Number(direct_A.toPrecision(3))} A${abs > 0 ? ` that is read to +-${Number(abs.toPrecision(3))} A` : ''}: as good as none, expected a load, or an amplitude in mA`,
      };
    amplitude = (parts.value(key) / 100) * direct_A;
  }
  if (![amplitude, asked.from_Hz, asked.to_Hz].every(value => value > 0))
    return { wrong: 'amplitude and frequencies are not all above 0' };
  const counts = { points_per_decade: asked.pointsPerDecade, cycles: asked.cycles };
  for (const [key, most] of [
    ['points_per_decade', MOST_POINTS],
    ['cycles', MOST_CYCLES],
  ] as const)
    if (!Number.isInteger(counts[key]) || counts[key] < 1 || counts[key] > most)
      return { wrong: `${key} is ${counts[key]}, expected a whole number 1..${most}` };
  return { ...asked, amplitude, dc };
}
