import { frequenciesOf, type ImpedanceRequest } from '../contract/measure/impedance.ts';
import { literal } from '../protocol/method-script/number.ts';
import { type Model, rangeFor } from './models.ts';

/**
 * The scripts that are sent. Each one
 * - ends in `on_finished: cell_off`,
 * - has a number of its own, sends it first and in every package, so that nothing of another script is taken for it,
 * - sends every variable twice: a serial line has no check sum, and a digit that was damaged would be another value.
 *
 * Commands: PalmSens/MethodSCRIPT_Examples (1.8), measurement loops and examples 018, 031, 034 (sourced); `add_meas` of other
 * variables, `Y` (leaves the loop that runs now): second hand (recalled). That a variable may be added twice: chosen (default).
 */

/** What the cell is held at. */
export interface Hold {
  readonly control: 'voltage' | 'current';
  /** V, or A. */
  readonly value: number;
}

/** What every script that drives the cell is made of. */
export interface ScriptParts {
  readonly model: Model;
  readonly number: number;
  /** Largest current that the bench drives, A: the highest range. */
  readonly currentMax_A: number;
  /** Without a word from us for so long the script ends by itself; undefined: it runs on. */
  readonly watchdog_s: number | undefined;
}

/** Time between two readings of a cell that is held, s. */
export const INTERVAL_s = 0.1;
/** A loop without a watchdog runs so long before it begins again, s. */
const FOREVER_s = 86_400;
/** A loop that has run for this part of its time was not left early. */
const WHOLE = 0.98;
/** One reading between two frequencies of a spectrum, s. */
const BETWEEN_s = 2 * INTERVAL_s;
/** Filters: wide enough for a spectrum, narrow for what stands, Hz. */
const STANDING_BANDWIDTH = '60';

/** Variables of every script that drives the cell: a script declares what it uses. */
export const VARIABLES = ['n', 's', 'p', 'u', 'c', 't', 'f', 'r', 'j', 'q', 'i', 'k'] as const;

/** Nothing but the number of the script, and the cell off: what runs through has done both. */
export const silenceScript = (number: number): readonly string[] => framed(number, ['n'], ['cell_off']);

/**
 * The potential of the open cell, two readings. It does not switch the cell off: the instrument refuses it (error 0014)
 * while the cell is on, and that is the proof.
 */
export function restScript({ model, number }: Pick<ScriptParts, 'model' | 'number'>): readonly string[] {
  return framed(
    number,
    ['n', 'u'],
    [
      ...mode(3),
      ...potentialRange(model),
      `meas_loop_ocp u ${literal(INTERVAL_s / 2)} ${literal(INTERVAL_s)}`,
      ...packageOf('u'),
      'endloop',
    ],
  );
}

/** Holds the cell and reads it, until it is ended or its watchdog ends it. */
export function holdScript(parts: ScriptParts, hold: Hold): readonly string[] {
  return framed(parts.number, VARIABLES, [...driving(parts, hold), ...holding(parts, hold)]);
}

/**
 * Tries the watchdog with the cell off: the same loop around open-circuit readings. Left by `Y` it must begin again, left
 * alone it must end, each by itself.
 */
export function watchdogTrial(model: Model, number: number): readonly string[] {
  const loop = (run: string) => [
    `meas_loop_ocp u ${literal(INTERVAL_s / 2)} ${run}`,
    ...packageOf('u'),
    'endloop',
  ];
  return framed(number, VARIABLES, [...mode(3), ...potentialRange(model), ...guarded(TRIAL_s, loop)]);
}
/** How long a loop of the trial runs, s. */
export const TRIAL_s = 0.3;

/**
 * A spectrum, one frequency at a time, between two of them a reading of voltage and current; then the hold, if there was one.
 * With a watchdog each next frequency waits for `Y`. Each point has its time by the instrument's timer (that it may be read within a
 * measuring loop: recalled).
 */
export function spectrumScript(
  parts: ScriptParts,
  request: ImpedanceRequest,
  hold: Hold | undefined,
): readonly string[] {
  const { model, watchdog_s } = parts;
  const isVoltage = request.control === 'voltage';
  const frequencies = frequenciesOf(request);
  const steps = frequencies.length - 1;
  const ratio = steps === 0 ? 1 : (request.to_Hz / request.from_Hz) ** (1 / steps);
  const peak_A = isVoltage ? parts.currentMax_A : request.amplitude;
  const dc = directOf(request, hold);
  // The instrument takes the effective value.
  const amplitude = literal(request.amplitude / Math.SQRT2);
  const between = (run: string) => [
    loopOf(parts, isVoltage, run),
    ...packageOf('s', shownOf(model, isVoltage)),
    'endloop',
  ];
  return framed(parts.number, VARIABLES, [
    ...driving(parts, dc, peak_A, model.frequencyMax_Hz > 200e3 ? '1M' : '200k'),
    `store_var q ${literal(request.from_Hz)} ja`,
    'store_var i 0i aa',
    // Time since the first frequency began: the one timer is begun anew at each.
    'store_var k 0 eb',
    'timer_start',
    `loop i < ${frequencies.length}i`,
    `meas_loop_${isVoltage ? 'eis' : 'geis'} f r j ${amplitude} q q 1i s`,
    'timer_get t',
    'add_var k t',
    'timer_start',
    ...packageOf('f', ['r', 'j', 'k']),
    'endloop',
    ...(watchdog_s === undefined
      ? between(literal(BETWEEN_s))
      : [
          ...between(literal(watchdog_s)),
          'timer_get t',
          `if t >= ${literal(WHOLE * watchdog_s)}`,
          'abort',
          'endif',
        ]),
    `mul_var q ${literal(ratio)}`,
    'add_var i 1i',
    'endloop',
    ...ending(parts, hold, isVoltage ? 'voltage' : 'current'),
  ]);
}

/** Direct state of a spectrum: what it is held at, its own bias, or none. */
function directOf({ control, dc }: ImpedanceRequest, hold: Hold | undefined): Hold | 'open' {
  if (typeof dc === 'object') {
    const value = 'voltage_V' in dc ? dc.voltage_V : dc.current_A;
    if (('voltage_V' in dc ? 'voltage' : 'current') === control) return { control, value };
  }
  if (dc !== 'open' && hold?.control === control) return hold;
  return control === 'voltage' ? 'open' : { control, value: 0 };
}

/** A script with its number said first, these variables, and the cell off whatever ends it. */
export function framed(
  number: number,
  variables: readonly string[],
  body: readonly string[],
): readonly string[] {
  return [
    'e',
    ...variables.map(name => `var ${name}`),
    `store_var n ${number}i ja`,
    'pck_start',
    'pck_add n',
    'pck_end',
    ...body,
    'on_finished:',
    'cell_off',
    '',
  ];
}

const mode = (which: 3 | 6): readonly string[] => ['set_pgstat_chan 0', `set_pgstat_mode ${which}`];

function potentialRange({ potentialRange_V: [begin, low, high] }: Model): readonly string[] {
  return [`set_range ab ${literal(begin)}`, `set_autoranging ab ${literal(low)} ${literal(high)}`];
}

/** From anywhere to the cell on at `dc`; `open`: at the potential that it has by itself. */
export function driving(
  { model, currentMax_A }: ScriptParts,
  dc: Hold | 'open',
  peak_A = 0,
  bandwidth = STANDING_BANDWIDTH,
  window_V: readonly number[] = [],
): readonly string[] {
  if (dc !== 'open' && dc.control === 'current') {
    const range = literal(rangeFor(model, Math.abs(dc.value) + peak_A));
    return [
      ...mode(6),
      `set_max_bandwidth ${bandwidth}`,
      ...potentialRange(model),
      `set_range db ${range}`,
      `set_autoranging db ${range} ${range}`,
      `store_var s ${literal(dc.value)} db`,
      'set_i s',
      'cell_on',
    ];
  }
  const top = literal(rangeFor(model, currentMax_A));
  const [low, high] =
    window_V.length === 0 ? model.potential_V : [Math.min(...window_V), Math.max(...window_V)];
  return [
    ...mode(3),
    `set_max_bandwidth ${bandwidth}`,
    `set_range_minmax da ${literal(low)} ${literal(high)}`,
    `set_range ba ${top}`,
    `set_autoranging ba ${literal(model.ranges[0][1])} ${top}`,
    ...potentialRange(model),
    ...(dc === 'open'
      ? [
          'cell_off',
          `meas_loop_ocp s ${literal(INTERVAL_s / 2)} ${literal(INTERVAL_s)}`,
          'endloop',
          'alter_vartype s da',
        ]
      : [`store_var s ${literal(dc.value)} da`]),
    'set_e s',
    'cell_on',
  ];
}

/** The loop that reads while the cell is held; ends with `endloop`. */
function loopOf({ model }: ScriptParts, isVoltage: boolean, run: string): string {
  const more = (what: string): string => (model.isMeasuringMore ? ` add_meas(0 ${what})` : '');
  return isVoltage
    ? `meas_loop_ca p c s ${literal(INTERVAL_s)} ${run}${more('ab u')}`
    : `meas_loop_cp u p s ${literal(INTERVAL_s)} ${run}${more('ba c')}`;
}

function holding(parts: ScriptParts, { control }: Hold): readonly string[] {
  const isVoltage = control === 'voltage';
  const shown = shownOf(parts.model, isVoltage);
  return guarded(parts.watchdog_s, run => [
    loopOf(parts, isVoltage, run),
    ...packageOf('s', shown),
    'endloop',
  ]);
}

/** Potential and current of a reading. Where nothing more is measured, what is set stands for what is at the cell. */
const shownOf = ({ isMeasuringMore }: Model, isVoltage: boolean): readonly string[] =>
  isVoltage ? [isMeasuringMore ? 'u' : 'p', 'c'] : ['u', isMeasuringMore ? 'c' : 'p'];

/**
 * A loop that goes on only while somebody leaves it in time (`Y`): had it run its whole time, the script ends, and with it the
 * cell is off. Judged by the instrument's clock, not by counting readings: some may be missing.
 */
function guarded(
  watchdog_s: number | undefined,
  loop: (run: string) => readonly string[],
): readonly string[] {
  if (watchdog_s === undefined)
    return ['store_var t 0 eb', 'loop t < 1', ...loop(literal(FOREVER_s)), 'endloop'];
  return [
    'store_var t 0 eb',
    `loop t < ${literal(WHOLE * watchdog_s)}`,
    'timer_start',
    ...loop(literal(watchdog_s)),
    'timer_get t',
    'endloop',
  ];
}

/** Says that all has been measured; then as it was before. */
export function ending(
  parts: ScriptParts,
  hold: Hold | undefined,
  control: Hold['control'],
): readonly string[] {
  return [
    ...packageOf('n'),
    ...(hold === undefined
      ? []
      : [
          ...(hold.control === control ? [] : ['cell_off']),
          ...driving(parts, hold),
          ...holding(parts, hold),
        ]),
  ];
}

/** A package: the number of the script, then all variables, then all of them once more. */
export function packageOf(first: string, others: readonly string[] = []): readonly string[] {
  const all = [first, ...others];
  return ['pck_start', 'pck_add n', ...[...all, ...all].map(name => `pck_add ${name}`), 'pck_end'];
}
