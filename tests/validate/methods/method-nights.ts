import type { CoveredNight } from '../covered/covered-run.ts';

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

export const METHOD_NIGHTS: readonly MethodNight[] = [
  {
    name: 'stack: first day',
    bench: example('pem-500kw'),
    method: program('stack-day'),
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
    methods: ['load-cycling', 'on-off', 'ast-wave', 'durability'],
  },
  {
    name: 'cell: charges',
    bench: example('cell-cycling'),
    method: program('cell-charges'),
    plant: CIRCUIT,
    poll_s: 2,
    // Nothing in the circuit fades, leaks or reacts beside.
    truths: {
      'capacity-check: coulombic-efficiency': 100,
      'rate-capability: capacity-kept-at-1C': 100,
      'cycle-life: retention': 100,
      'formation: first-cycle-efficiency': 100,
      'formation: irreversible-charge': 0,
      'formation: last-cycle-efficiency': 100,
      'calendar: retention': 100,
      'calendar: self-discharge': 0,
    },
    ideal: ['capacity', 'discharge-energy', 'reference-capacity', 'equivalent-cycles'],
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
    name: 'cell: pulses',
    bench: example('cell-cycling'),
    method: program('cell-pulses'),
    plant: CIRCUIT,
    methods: ['hppc', 'dcir', 'gitt', 'ici', 'quasi-ocv'],
  },
  {
    name: 'cell: duties',
    bench: example('cell-cycling'),
    method: program('cell-duties'),
    plant: CIRCUIT,
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
    methods: ['pct-isotherm'],
  },
];
