/** How each example file of the language is run on a twin. */

/** What of a file is made shorter: `[as it is, as it is run]`; each must be found. */
type Shorter = readonly (readonly [string, string])[];

export interface FileRow {
  readonly file: string;
  /** The bench among the examples. */
  readonly bench: string;
  readonly given?: readonly string[];
  readonly shorter?: Shorter;
  /** Steps before its own: what a lab has done before. */
  readonly before?: readonly string[];
  /** How many steps of a kind were gone through, and how they ended. */
  readonly steps: Readonly<Record<string, number>>;
  /** A step by its id, and what the truth of the twin must have moved in each of them. */
  readonly moved?: {
    readonly id: string;
    readonly truth: string;
    readonly by: number;
    readonly within: number;
  };
}

const FULL = '- { call: full-charge }';
const PURGE = '- { call: purge, with: { purge_min: 3 } }';

export const ROWS: readonly FileRow[] = [
  { file: 'charge', bench: 'lib-suite', steps: { 'cccv condition': 1 } },
  {
    file: 'rate-test',
    bench: 'lib-suite',
    given: ['rates_C=1/2,1'],
    steps: { 'cccv condition': 2, 'rest time': 2, 'cc condition': 2 },
  },
  {
    file: 'hppc',
    bench: 'lib-suite',
    shorter: [
      ['times: 9', 'times: 2'],
      ['for_h: 1', 'for_min: 5'],
      ['until: step.charge_pct', 'id: level, until: step.charge_pct'],
    ],
    steps: { 'cccv condition': 1, 'cc condition': 2, 'cc time': 4, 'rest time': 7 },
    moved: { id: 'level', truth: 'cell.discharged_Ah', by: 0.5, within: 0.001 },
  },
  {
    file: 'gitt',
    bench: 'lib-suite',
    before: [FULL],
    shorter: [
      ['times: 40', 'times: 2'],
      ['{ cc: { current_C: -1/20 }, for_min: 30 }', '{ cc: { current_C: -1/2 }, id: pulse, for_min: 6 }'],
      ['for_h: 4', 'for_min: 30'],
    ],
    steps: { 'cccv condition': 1, 'cc time': 2 },
    moved: { id: 'pulse', truth: 'cell.discharged_Ah', by: 0.25, within: 0.0005 },
  },
  {
    file: 'ici',
    bench: 'lib-suite',
    before: [FULL],
    shorter: [
      ['times: 300', 'times: 3'],
      ['current_C: -1/10 }', 'current_C: -1/10 }, id: on'],
    ],
    steps: { 'cccv condition': 1, 'cc time': 3, 'rest time': 4 },
    moved: { id: 'on', truth: 'cell.discharged_Ah', by: 0.5 / 12, within: 1e-4 },
  },
  {
    file: 'drive',
    bench: 'lib-suite',
    before: [FULL],
    shorter: [['for_h: 12', 'for_h: 0.5']],
    steps: { 'follow time': 1 },
  },
  {
    file: 'cycle-life',
    bench: 'lib-suite',
    shorter: [
      ['times: 40', 'times: 1'],
      ['times: 50', 'times: 1'],
    ],
    steps: { 'cccv condition': 5, 'cc condition': 3, 'rest time': 4 },
  },
  {
    file: 'formation',
    bench: 'lib-suite',
    shorter: [
      ['times: 3', 'times: 1'],
      ['charge_C: 1/20, discharge_C: -1/20', 'charge_C: 1/2, discharge_C: -1/2'],
    ],
    steps: { 'cccv condition': 1, 'cc condition': 1 },
  },
  {
    file: 'calendar',
    bench: 'lib-suite',
    shorter: [
      ['[25, 45]', '[25]'],
      ['times: 6', 'times: 1'],
      ['for_d: 30', 'for_h: 1'],
    ],
    steps: { 'set applied': 2, 'rest time': 4, 'wait condition': 1, 'cccv condition': 3, 'cc condition': 2 },
  },
  {
    file: 'cycling-warm-cold',
    bench: 'lib-suite',
    shorter: [['times: 200', 'times: 1']],
    steps: { 'cccv condition': 1, 'cc condition': 1, 'follow condition': 1 },
  },
  {
    file: 'plating-stripping',
    bench: 'li-li',
    given: ['plated_mAh_per_cm2=0.2'],
    shorter: [['times: 1000', 'times: 2']],
    steps: { 'cc time': 5 },
  },
  {
    file: 'stack-polarisation',
    bench: 'aem-5-cells',
    before: [PURGE],
    shorter: [
      ['for_min: 5\n', 'for_min: 1\n'],
      ['average_min: 1\n', 'average_min: 0.3\n'],
      ['for_min: 5, average_min: 1', 'for_min: 1, average_min: 0.3'],
    ],
    steps: { 'cc time': 15 },
  },
  {
    file: 'ast-triangle',
    bench: 'pem-500kw',
    before: [PURGE, '- { call: start-stack, with: { band_K: 10 } }'],
    shorter: [
      ['times: 6', 'times: 1'],
      ['for_min: 5000', 'for_min: 10'],
      ['call: polarisation', 'call: polarisation, with: { dwell_s: 10 }'],
    ],
    steps: { 'follow time': 1, 'cc time': 38 },
  },
  {
    file: 'wind-and-frequency',
    bench: 'pem-500kw',
    before: [PURGE],
    shorter: [
      ['for_h: 8', 'for_h: 0.9'],
      ['for_h: 1\n', 'for_h: 0.2\n'],
    ],
    steps: { 'follow time': 2 },
  },
  {
    file: 'high-pressure',
    bench: 'pem-500kw',
    given: ['top_barg=3', 'least_A_per_bar=49.45'],
    shorter: [
      ['- { call: start-stack', `${PURGE}\n- { call: start-stack`],
      ['for_min: 30\n', 'for_min: 3\n'],
      ['average_min: 5', 'average_min: 1'],
    ],
    steps: { 'ask applied': 1, 'cc time': 6 },
  },
  {
    file: 'isotherm',
    bench: 'hydride-pct',
    before: [
      '- { set: { tank.pressureRate_bar_per_min: 20, tank.supplyValve_on: on, tank.ventValve_on: off, tank.pumpValve_on: off } }',
    ],
    shorter: [
      ['[1, 2, 5, 10, 20, 40, 80]', '[5, 20]'],
      ['for_h: 12', 'for_h: 1'],
    ],
    steps: { 'ramp reached': 2 },
  },
  {
    file: 'emf-steam',
    bench: 'pcec',
    before: [
      '- { set: { steam.flow_NL_per_min: 0.2, fuel.flow_NL_per_min: 0.2, fuel.steam_pct: 3, fuel.h2_pct: 97 } }',
    ],
    shorter: [
      ['[3, 10, 30, 50]', '[30, 50]'],
      ['for_h: 3', 'for_h: 1'],
    ],
    steps: { 'ramp reached': 4 },
  },
  {
    file: 'durability-1000h',
    bench: 'durability-pem',
    before: [PURGE],
    shorter: [
      ['{ call: stabilise }', '{ call: stabilise, with: { window_min: 5, band_K: 5 } }'],
      ['{ call: polarisation, id: begin }', '{ call: polarisation, id: begin, with: { dwell_s: 10 } }'],
      ['{ call: polarisation, id: now }', '{ call: polarisation, id: now, with: { dwell_s: 10 } }'],
      ['times: 6', 'times: 1'],
      ['for_d: 7', 'for_h: 1'],
    ],
    steps: { 'cc time': 76, 'cc condition': 1 },
  },
  {
    file: 'gas-mix',
    bench: 'gas-mix',
    shorter: [['for_h: 24', 'for_h: 0.2']],
    steps: { 'set applied': 2, 'wait condition': 2, 'wait time': 1, 'ramp reached': 1 },
  },
  {
    file: 'eis-at-soc',
    bench: 'lib-suite',
    shorter: [['by: -20', 'by: -80']],
    steps: { 'cc condition': 2, 'rest time': 3, 'eis reached': 2 },
  },
  {
    file: 'eis-at-loads',
    bench: 'aem-5-cells',
    before: [PURGE, '- { call: start-stack, with: { band_K: 10 } }'],
    shorter: [['for_min: 20', 'for_min: 2']],
    steps: { 'cc time': 4, 'eis reached': 3 },
  },
  {
    file: 'half-cell-charge',
    bench: 'three-electrode',
    before: [
      '- { cc: { current_C: -1 }, until: cell.voltage_V < 3.2, within_h: 2 }',
      '- { rest: {}, for_min: 5 }',
    ],
    steps: { 'cc condition': 1, 'rest time': 1, 'cccv condition': 1 },
  },
  {
    file: 'conductivity',
    bench: 'solid-electrolyte',
    shorter: [['by: -10', 'by: -40']],
    steps: { 'set applied': 3, 'wait condition': 3, 'eis reached': 3 },
  },
];

/** A procedure: called by three of the others. */
export const CALLED = ['one-cycle'];
