import type {
  ChannelShown,
  LiveAlarm,
  NearLimit,
  PastAlarm,
  PastAlarmsAsked,
  Picture,
  RoleValue,
  RunMark,
  SessionAlarms,
  TrendLimit,
  TrendWindow,
  WindowAsked,
} from '../../control/view.ts';

/** What the fake run has measured, as its record gives it. */

/** Roles with their units and their values at a run time, s. */
export const ROLES = [
  ['stack.current_A', 'A', (t: number) => 1000 + 500 * Math.sin(t / 9)],
  ['stack.voltage_V', 'V', (t: number) => 230 + 10 * Math.sin(t / 9)],
  ['cathode.pressure_barg', 'barg', (t: number) => 5 + t / 100],
  ['o2.h2_vol_pct', 'vol_pct', (t: number) => 0.4 + 0.1 * Math.cos(t / 20)],
] as const;

/** The newest values; of a lost supply none. */
export function rolesAt(time_s: number, isLost: boolean): readonly RoleValue[] {
  return [
    ...ROLES.map(([role, unit, at]) => ({
      role,
      unit,
      value: isLost ? null : at(time_s),
      ...(isLost ? { last: { value: at(600), age_s: 133 } } : {}),
      ...(role === 'stack.current_A' ? { set: { value: 1010, min: 0, max: 2000 } } : {}),
      quality: isLost ? ('stale' as const) : ('simulated' as const),
      channel: 'supply.x',
    })),
    { role: 'room.h2_vol_pct', unit: 'vol_pct', value: null, quality: 'bad', channel: 'plc.roomH2_vol_pct' },
    {
      role: 'oven.state_count',
      unit: 'count',
      value: 3,
      word: 'heating',
      quality: 'simulated',
      channel: 'oven.state_count',
    },
  ];
}

/** An alarm that stands. */
export const ALARM: Omit<LiveAlarm, 'id' | 'text'> = {
  reaction: 'warn',
  priority: 'low',
  state: 'unacknowledged',
  since_s: 610,
  gone_s: null,
  acknowledged: false,
  acknowledgedBy: '',
  count: 2,
  peak: 1.1,
  unit: 'vol_pct',
  goneAt: { is: 'below', value: 0.9, for_s: 0 },
  isFirstOut: false,
  shelved: null,
};

/** What stands in its record. */
const MARKS: readonly RunMark[] = [
  { t_s: 0, kind: 'phase', name: 'start' },
  { t_s: 240, kind: 'phase', name: 'wind' },
  { t_s: 420, kind: 'alarm', name: 'h2-in-o2-warn', reaction: 'warn' },
];

/** Phases and alarms of a stretch, s. */
export function marksOf(from_s: number, to_s: number): readonly RunMark[] {
  return MARKS.filter(({ t_s }) => t_s >= from_s && t_s <= to_s);
}

const PAST: Omit<PastAlarm, 'n' | 'id' | 'raised_s'> = {
  ...{ reaction: 'warn', priority: 'low', state: 'normal', text: 'o2.h2_vol_pct 1.10 > 1.0' },
  ...{ cleared_s: null, isFirstOut: false, count: 1, value: 1.1, peak: 1.31, limit: 1, unit: 'vol_pct' },
  ...{ acknowledged_s: null, acknowledgedBy: '', shelved: null, phase: 'wind', step: 'follow the wind' },
};
/** More than a page of them, the newest last: two that somebody has still to look at, one that was shelved. */
const ALARMS: readonly PastAlarm[] = [
  ...Array.from({ length: 120 }, (_, i): PastAlarm => {
    const seen = { acknowledged_s: i + 2, acknowledgedBy: 'A. Miller (page)', cleared_s: i + 1.5 };
    return { ...PAST, n: i + 1, id: 'pressure-low', raised_s: i + 1, ...seen };
  }),
  {
    ...{ ...PAST, n: 121, id: 'h2-in-o2-warn', raised_s: 420, cleared_s: 480, count: 4 },
    shelved: { by: 'B. Sato (page)', reason: 'span gas' },
  },
  {
    ...PAST,
    n: 122,
    id: 'h2-in-o2-hold',
    reaction: 'hold',
    priority: 'medium',
    raised_s: 500,
    cleared_s: 520,
    state: 'latched',
  },
  {
    ...{ ...PAST, n: 123, id: 'h2-in-o2-trip', reaction: 'trip', priority: 'high', state: 'unacknowledged' },
    ...{ raised_s: 560, isFirstOut: true, value: 2.1, peak: null, limit: 2 },
  },
];

/** The history of alarms, as the record gives it: of this run, and of one before it without any. */
export async function alarmsOf({ which, before, most, run }: PastAlarmsAsked): Promise<SessionAlarms> {
  const runs = ['run-1', 'run-0'];
  const [now] = runs;
  if (run !== undefined && !runs.includes(run)) throw new RangeError(`no run "${run}" in this session`);
  const isOpen = ({ state }: PastAlarm): boolean => state === 'latched' || state === 'unacknowledged';
  const isStanding = ({ cleared_s }: PastAlarm): boolean => cleared_s === null;
  const all = (run ?? now) === now ? ALARMS : [];
  const found = all
    .filter(one => which === 'all' || (which === 'open' ? isOpen(one) : isStanding(one)))
    .filter(({ n }) => n < (before ?? Infinity))
    .reverse();
  const alarms = found.slice(0, most);
  return {
    alarms,
    all: all.length,
    standing: all.filter(isStanding).length,
    open: all.filter(isOpen).length,
    next: found.length > most ? (alarms.at(-1)?.n ?? null) : null,
    left: 0,
    run: run ?? now,
    runs,
  };
}

/** A stretch of the record in buckets, up to now; the record saw more than one value in each. */
export async function windowsOf(
  window: WindowAsked,
  now_s: number,
  isRough: boolean,
): Promise<readonly TrendWindow[]> {
  const { roles, from_s, to_s, columns } = window;
  const unknown = roles.find(name => ROLES.every(([role]) => role !== name));
  if (unknown !== undefined) throw new RangeError(`no trend of "${unknown}"`);
  const bucket_s = Math.ceil((to_s - from_s) / columns);
  return roles.map(role => {
    const at = ROLES.find(([name]) => name === role)?.[2] ?? (() => Number.NaN);
    const t_s: number[] = [];
    for (let t = Math.floor(from_s / bucket_s) * bucket_s; t <= Math.min(to_s, now_s); t += bucket_s)
      t_s.push(t);
    const beside = (by: number): number[] => t_s.map(t => at(t) + by);
    return { role, bucket_s, isRough, t_s, min: beside(-5), max: beside(5), last: beside(0) };
  });
}

/** The run in a few words. */
export function channelAt(isLost: boolean, isTripped: boolean): ChannelShown {
  return {
    work: isLost ? null : 'charge',
    voltage_V: isLost ? null : 3.942,
    current_A: isLost ? null : 1.5,
    temperature_degC: 25.1,
    charge_pct: 61,
    round: { at: 417, of: 1000 },
    state: isTripped ? 'Aborted' : 'Execute',
    step: 'charge',
    alarm: isTripped ? { id: 'h2-in-o2-trip', reaction: 'trip', text: 'too high', open: 1 } : null,
    isLive: true,
  };
}

/** A row each second of an instrument that there is. @throws RangeError of another one */
export function readingsOf(device: string, from_s: number, to_s: number): AsyncIterable<string> {
  if (device !== 'supply') throw new RangeError(`no readings of "${device}", expected one of supply`);
  return (async function* () {
    yield 't_s,current_A\r\n';
    for (let t_s = from_s; t_s <= to_s; t_s++) yield `${t_s},100\r\n`;
  })();
}

/** Three limits that count: one that fires or is approached, one of a cell, one that nobody reads when the supply is lost. */
export function nearestAt(isLost: boolean, isTripped: boolean): NearLimit[] {
  const of = {
    reaction: 'trip',
    trips: '>',
    is: 'near',
    rearm: null,
    member: null,
    toLimit_s: null,
  } as const;
  const role = 'stack.voltage_V';
  const kind = 'threshold';
  const volts = { id: 'voltage-high', role, of: { kind, role }, unit: 'V', limit: 304 } as const;
  return [
    {
      ...of,
      id: 'h2-in-o2-trip',
      role: 'o2.h2_vol_pct',
      of: { kind: 'threshold', role: 'o2.h2_vol_pct' },
      unit: 'vol_pct',
      limit: 2,
      is: isTripped ? 'fired' : 'near',
      value: isTripped ? 2.1 : 1.2,
      margin: isTripped ? -0.1 : 0.8,
      toLimit_s: isTripped ? null : 260,
      way_frac: isTripped ? 1.05 : 0.6,
    },
    {
      ...of,
      id: 'cell-high',
      role: 'cell.voltage_V[]',
      of: { kind: 'threshold', role: 'cell.voltage_V[]' },
      unit: 'V',
      limit: 2.2,
      value: 1.871,
      member: 'cell.voltage_V[2]',
      margin: 0.329,
      way_frac: 0.85,
    },
    isLost
      ? { ...of, ...volts, is: 'unusable', value: null, margin: null, way_frac: null }
      : { ...of, ...volts, value: 238, margin: 66, way_frac: 0.78 },
  ];
}

/** A stack at a supply, with a pressure; one role has no symbol. */
export const PICTURE: Picture = {
  columns: 12,
  rows: 6,
  nodes: [
    {
      id: 'stack',
      symbol: 'stack',
      at: [6, 3],
      roles: ['stack.voltage_V', 'stack.current_A'],
      travel_s: 5,
    },
    { id: 'cathode', symbol: 'pressure', at: [8, 4], roles: ['cathode.pressure_barg'], travel_s: 5 },
    { id: 'outlet', symbol: 'valve', at: [10, 4], roles: ['h2.outletValve_on'], travel_s: 5 },
  ],
  lines: [
    { from: 'stack', to: 'cathode', medium: 'H2' },
    { from: 'cathode', to: 'outlet', medium: '' },
  ],
  unplaced: ['o2.h2_vol_pct'],
};

/** The one limit that is drawn. */
export const TREND_LIMITS: readonly TrendLimit[] = [
  { id: 'h2-in-o2-trip', role: 'o2.h2_vol_pct', label: 'trip 2.0', value: 2, trips: '>', reaction: 'trip' },
];
