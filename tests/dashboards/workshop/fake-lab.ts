import type { AlarmPage, Kpi, RunResult } from '../../../control/view.ts';
import type { LabBench, LabMethod, LabRehearsal, LabRun } from '../../../dashboards/door/lab.ts';
import type { JsonSchema } from '../../../dashboards/workshop/methods/code/schema-words.ts';

/** What the fake door says; a test changes it as it likes. */

const METHOD_TEXT = `method: capacity
version: 2
doc: what a cell gives
parameters:
  rate_C: { default: 1/2, min: 0.05, max: 1, doc: rate of charge and discharge }
steps:
- cc: { current_C: rate_C }
  until: cell.voltage_V >= 4.2
- { rest: {}, for_min: 10 }
`;

export function fakeBenches(): LabBench[] {
  const file = { isBuiltIn: false, sha256: 'b'.repeat(64) };
  return [
    {
      ...file,
      name: 'cells/bench',
      title: 'two-cells',
      subjects: ['nickel', 'iron'],
      devices: { load: 'ea-elb', chamber: 'modbus-rack' },
      canEmulate: true,
      busy: ['2026-11-30_capacity_3'],
      findings: [],
      left: [],
    },
    {
      ...file,
      name: 'pem/bench',
      title: 'pem-500kw',
      subjects: [],
      devices: { supply: 'ea-psi' },
      canEmulate: false,
      busy: [],
      findings: [],
      left: [],
    },
  ];
}

export function fakeMethods(): LabMethod[] {
  const parameter = {
    unit: 'C',
    units: ['C', 'Hz'],
    default: 0.5,
    min: 0.05,
    max: 1,
    choices: [],
    doc: 'rate of both',
  };
  const common = { sha256: 'a'.repeat(64), text: METHOD_TEXT, findings: [], figures: ['capacity_Ah'] };
  return [
    {
      ...common,
      name: 'capacity',
      title: 'what a cell gives',
      isBuiltIn: false,
      isProcedure: false,
      parameters: [
        { ...parameter, name: 'rate_C', kind: 'number' },
        {
          ...parameter,
          name: 'way',
          unit: '',
          units: [],
          kind: 'choice',
          default: 'slow',
          min: null,
          max: null,
          doc: '',
          choices: ['slow', 'fast'],
        },
      ],
    },
    {
      ...common,
      name: 'polarisation-curve',
      title: 'current against voltage',
      isBuiltIn: true,
      isProcedure: true,
      parameters: [],
    },
  ];
}

function runOf(id: string, more: Partial<LabRun> = {}): LabRun {
  return {
    id,
    bench: 'cells/bench',
    method: 'capacity',
    mode: 'twin',
    startedUtc: '2026-11-30T08:00:00.000Z',
    state: 'over',
    verdict: 'completed',
    criteria: 'pass',
    duration_s: 14_400,
    rows: 57_600,
    bytes: 2_400_000,
    campaign: null,
    started: null,
    silent: null,
    cutOff: null,
    ...more,
  };
}

export function fakeRuns(): LabRun[] {
  return [
    runOf('2026-11-30_capacity_3', { state: 'going', verdict: '', criteria: '', duration_s: null }),
    runOf('2026-11-30_capacity_2', { verdict: 'tripped', criteria: 'fail' }),
    runOf('2026-11-30_capacity_1'),
    runOf('campaign-night/first', { campaign: 'campaign-night', mode: 'wire' }),
  ];
}

export function fakeKpi(value: number, more: Partial<Kpi> = {}): Kpi {
  const basis = { from: 'record' } as unknown as Kpi['basis'];
  return {
    id: 'capacity_Ah',
    phase: 'discharge',
    value,
    unit: 'Ah',
    u95: 0.02,
    definition: 'charge out',
    basis,
    ...more,
  };
}

/** The history of the alarms of a run: the second one has tripped. */
export function fakeAlarms(id: string): AlarmPage {
  const alarms: AlarmPage['alarms'] = !id.endsWith('2')
    ? []
    : [
        {
          ...{ n: 1, id: 'over-voltage', reaction: 'trip', priority: 'high', state: 'latched' },
          ...{ text: 'cell too high', raised_s: 7200, cleared_s: 7300, isFirstOut: true, count: 1 },
          ...{ value: 4.26, peak: 4.31, limit: 4.25, unit: 'V', acknowledged_s: null, acknowledgedBy: '' },
          ...{ shelved: null, phase: 'cc', step: 'charge' },
        },
      ];
  return { alarms, all: alarms.length, standing: 0, open: alarms.length, next: null, left: 0 };
}

/** As far as the page reads it. */
export function fakeResult(id: string): Partial<RunResult> {
  const isSecond = id.endsWith('2');
  return {
    verdict: isSecond ? 'tripped' : 'completed',
    reason: isSecond ? 'cell.voltage_V 4.31 > 4.25 V' : '',
    unproven: [],
    method: 'capacity',
    bench: 'two-cells',
    startedUtc: '2026-11-30T08:00:00.000Z',
    kpis: [
      fakeKpi(isSecond ? 2.71 : 2.98, {
        criterion: { is: '>', limit: 2.8, outcome: isSecond ? 'fail' : 'pass' },
      }),
      fakeKpi(isSecond ? 25.1 : 25, { id: 'temperature_degC', unit: 'degC', u95: 0.5 }),
    ],
    alarms: isSecond
      ? [
          {
            id: 'over-voltage',
            reaction: 'trip',
            text: 'cell too high',
            raised_s: 7200,
            acknowledged_s: null,
            cleared_s: 7300,
            phase: 'cc',
            step: 'charge',
            limit: 4.25,
            unit: 'V',
            peak: 4.31,
          },
        ]
      : [],
  };
}

export const FAKE_EVENTS = [
  { t_s: 0, kind: 'phase', text: 'phase charge', data: { name: 'charge', method: 'steps' } },
  {
    t_s: 3600,
    kind: 'step',
    text: '',
    data: { id: 'into', pc: 1, op: 'cccv', start_s: 0, ended: 'condition', reason: 'current low' },
  },
  {
    t_s: 4200,
    kind: 'step',
    text: '',
    data: { pc: 2, op: 'rest', start_s: 3600, ended: 'timeout', reason: 'too long' },
  },
  {
    t_s: 4200,
    kind: 'phaseEnd',
    text: '',
    data: { name: 'charge', start_s: 0, end_s: 4200, ended_by: 'its last step' },
  },
];

export const FAKE_SCHEMA: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['method'],
  properties: {
    method: { type: 'string', description: 'name of a method' },
    version: { const: 2 },
    doc: { type: 'string' },
    parameters: { type: 'object' },
    steps: { type: 'array', items: { $ref: '#/$defs/step' } },
  },
  $defs: {
    step: {
      anyOf: [
        {
          type: 'object',
          additionalProperties: false,
          required: ['cc'],
          properties: {
            cc: {
              type: 'object',
              description: 'constant current',
              additionalProperties: false,
              properties: {
                current_A: { description: 'set current, in A' },
                current_C: { description: 'in C' },
              },
            },
            until: { description: 'normal end' },
          },
        },
        {
          type: 'object',
          additionalProperties: false,
          required: ['rest'],
          properties: {
            rest: { type: 'object', description: 'nothing flows' },
            for_min: { description: 'so long' },
          },
        },
      ],
    },
  },
};

export function fakeRehearsal(planned: LabRehearsal['planned']): LabRehearsal {
  return { id: 'r1', planned, state: 'under way', done: 0.4, reason: '', findings: [], result: null };
}

export const FAKE_REHEARSED = {
  outcome: 'completed',
  duration_s: 14_400,
  planned_s: 14_400,
  energy: { value: 11.2, unit: 'Wh' },
  energyOut: null,
  h2: null,
  n2_NL: null,
  rows: 57_600,
  bytes: 2_400_000,
  end: null,
  limits: [
    {
      id: 'over-voltage',
      reaction: 'trip',
      trips: '>',
      limit: 4.25,
      unit: 'V',
      distance: 0.05,
      way_frac: 0.9,
      at: { t_s: 3600, phase: 'charge', step: 'into' },
    },
  ],
  steps: [
    {
      phase: 'charge',
      step: 'into',
      op: 'cccv',
      runs: 1,
      ended: [{ by: 'condition', text: 'current low', count: 1 }],
    },
  ],
  figures: [fakeKpi(2.97)],
  phases: [{ name: 'charge', start_s: 0, end_s: 4200, ended_by: 'its last step' }],
  findings: [{ level: 'warning', text: 'over-voltage comes within 50 mV' }],
};
