import type { CoveredNight } from '../covered/covered-run.ts';
import { trueEfficiencies_pct } from './ageing-cell.ts';

/** The rehearsals in which the built-in methods of version 2 are tried: short ones, several methods each. */

/** A rehearsal of some methods. */
export interface MethodNight extends CoveredNight {
  /** Built-in methods whose figures it tries. */
  readonly methods: readonly string[];
  /** Figures (without their level) that hold more often than 97 %, and why that is right. */
  readonly wide?: Readonly<Record<string, string>>;
}

const program = (name: string): string => new URL(`./programs/${name}.yaml`, import.meta.url).pathname;
const example = (name: string): string =>
  new URL(`../../../examples/${name}/bench.yaml`, import.meta.url).pathname;
const own = (name: string): string => new URL(`./benches/${name}.yaml`, import.meta.url).pathname;
const CIRCUIT = { plant: 'ecm', set: 'chen2020' };

/** The circuit model of a cell has no path but its terminals: a rest takes no charge out of it, per cent a month. */
const NO_LEAK = 0;
/** Nor has it a side reaction: what goes in comes out again, per cent. */
const NO_LOSS = 100;

const BETWEEN = 'what lies between two readings, evenly: it holds always';
const FLOOR = 'the analyser shows nothing below 0 and errs one way only there';
const ENDS = 'when a step ended counts in it, while the truth is of the same step';
const SHAPE = 'how far the curve is from its formula counts, the same in each seed';
const DIGIT = 'the last digit of the counter counts so that it holds whatever the amount is';
const RELAXES =
  'what half an hour of rest would still relax by diffusion counts in full, the twin comes to rest sooner';
const SECOND = 'what the errors of the meter add in the second order counts in full';
const DRIFT = 'what the rest of 40 s before it still moves by itself counts twice, the same in each seed';

const TRIED: readonly Omit<MethodNight, 'ofParts'>[] = [
  {
    name: 'stack: first day',
    bench: example('pem-500kw'),
    method: program('stack-day'),
    wide: {
      'purge: purge-o2-in-cathode': FLOOR,
      'purge: purge-h2-in-anode': FLOOR,
      'start-stack: time-to-load': BETWEEN,
      'conditioning: conditioning-time': BETWEEN,
      'polarisation: asr': SHAPE,
      'polarisation: tafel': SHAPE,
      'stabilise: stable-drift':
        'slope and swing of the temperature are hardly told apart in so short a window',
      'warm-up: heating-rate-max':
        'the largest of many differences lies above the true one by their noise, which counts in full',
    },
    methods: [
      'leak-test',
      'purge',
      'warm-up',
      'start-stack',
      'stabilise',
      'polarisation',
      'conditioning',
      'faradaic',
      'crossover',
      'cool-down',
    ],
  },
  {
    name: 'stack: moves',
    bench: example('pem-500kw'),
    method: program('stack-moves'),
    wide: {
      'reactivity: dead-time': BETWEEN,
      'reactivity: t90': BETWEEN,
      'reactivity: settling-time': BETWEEN,
      'reactivity: overshoot': 'the largest of many readings: the meter counts in full',
      'flexibility: time-to-nominal': BETWEEN,
      'start-stop: time-to-nominal': BETWEEN,
      'start-stop: energy-a-start': BETWEEN,
    },
    methods: ['reactivity', 'flexibility', 'start-stop', 'stop-stack', 'high-pressure'],
  },
  {
    name: 'stack: grid',
    bench: example('pem-500kw'),
    method: program('stack-grid'),
    methods: ['grid-service', 'load-following'],
  },
  {
    name: 'stack: wear',
    bench: example('pem-500kw'),
    method: program('stack-wear'),
    wide: {
      'ast-wave: change-low': SHAPE,
      'ast-wave: change-high': SHAPE,
      'durability: voltage-rise': SHAPE,
      'durability: degradation': SHAPE,
      'load-cycling: voltage-rise': SHAPE,
      'load-cycling: degradation': SHAPE,
      'on-off: voltage-rise': SHAPE,
      'on-off: degradation': SHAPE,
    },
    methods: ['load-cycling', 'on-off', 'ast-wave', 'durability'],
  },
  {
    name: 'cell: charges',
    bench: example('cell-cycling'),
    method: program('cell-charges'),
    plant: CIRCUIT,
    poll_s: 2,
    ideal: ['capacity', 'discharge-energy', 'reference-capacity', 'retention'],
    truths: { 'calendar: self-discharge': NO_LEAK, 'capacity-check: coulombic-efficiency': NO_LOSS },
    wide: {
      'full-charge: charge': DIGIT,
      'charge-to-soc: soc': ENDS,
      'formation: first-cycle-efficiency': ENDS,
      'formation: irreversible-charge': ENDS,
      'formation: last-cycle-efficiency': ENDS,
      'rate-capability: capacity-kept': BETWEEN,
      'calendar: self-discharge': BETWEEN,
    },
    methods: [
      'capacity-check',
      'full-charge',
      'charge-to-soc',
      'rate-capability',
      'cycle-life',
      'formation',
      'calendar',
    ],
  },
  {
    name: 'cell: ageing',
    bench: example('eight-cells'),
    subject: 'cell1',
    method: program('cell-ageing'),
    ideal: ['capacity', 'discharge-energy'],
    truths: { 'capacity-check: coulombic-efficiency': trueEfficiencies_pct(1)[0] },
    methods: ['capacity-check'],
  },
  {
    name: 'cell: pulses',
    bench: example('cell-cycling'),
    method: program('cell-pulses'),
    plant: CIRCUIT,
    wide: {
      'hppc: charge-resistance-2s': DRIFT,
      'hppc: charge-resistance-10s': DRIFT,
      'hppc: charge-power': DRIFT,
      'ici: k': SHAPE,
      'quasi-ocv: peak-voltage': 'it lies anywhere in its bin',
      'quasi-ocv: hysteresis': 'both ends are as alike as the counters of charge can tell',
      'quasi-ocv: peak-height': 'charge between two rows counts evenly at both edges of the bin',
      'gitt: ocv': RELAXES,
      'gitt: diffusion-coefficient': RELAXES,
    },
    methods: ['hppc', 'dcir', 'gitt', 'ici', 'quasi-ocv'],
  },
  {
    name: 'cell: duties',
    bench: example('cell-cycling'),
    method: program('cell-duties'),
    plant: CIRCUIT,
    wide: {
      'ess-duty: energy-efficiency': 'charge that has not come back counts in full',
      'drive-cycle: energy-efficiency': 'charge that has not come back counts in full',
      'drive-cycle: tracking-error': SECOND,
      'ess-duty: tracking-error': SECOND,
    },
    methods: ['drive-cycle', 'ess-duty'],
  },
  {
    name: 'cell: three electrodes',
    bench: own('three-electrodes'),
    method: program('half-cell'),
    quiet: ['cell.negativePotential_V'],
    methods: ['half-cell-rate'],
  },
  {
    name: 'cell: lithium on copper',
    bench: own('lithium-copper'),
    method: program('plating'),
    wide: {
      'plating-stripping: efficiency': BETWEEN,
      'plating-stripping: overpotential':
        'what the meter wanders counts in full between the two steps, and it wanders slowly',
    },
    methods: ['plating-stripping'],
  },
  {
    name: 'vessel: isotherm',
    bench: example('hydride-pct'),
    method: program('vessel-pct'),
    quiet: [
      'tank.pressure_bara',
      'tank.pressure_barg',
      'tank.temperature_degC',
      'sample.pressure_bara',
      'sample.pressure_barg',
      'sample.temperature_degC',
    ],
    wide: {
      'pct-isotherm: uptake': '0.2 % of the volumes, which the twin has exactly',
      'pct-isotherm: plateau': 'what its doses lie apart, the same in each night',
    },
    methods: ['pct-isotherm'],
  },
  {
    name: 'vessel: gas mix',
    bench: example('gas-mix'),
    method: program('vessel-mix'),
    quiet: [
      'mix.h2_vol_pct',
      'mix.o2_vol_pct',
      'h2.flow_NL_per_min',
      'o2.flow_NL_per_min',
      'n2.flow_NL_per_min',
    ],
    wide: { 'gas-mix: mix-o2': FLOOR },
    methods: ['gas-mix'],
  },
  {
    name: 'ceramic cell',
    bench: example('pcec'),
    method: program('ceramic'),
    quiet: ['stack.voltage_V', 'stack.current_A', 'stack.power_W', 'stack.temperature_degC'],
    methods: ['emf', 'soec-jv'],
  },
];

export const METHOD_NIGHTS: readonly MethodNight[] = TRIED.map(night => ({ ...night, ofParts: true }));
