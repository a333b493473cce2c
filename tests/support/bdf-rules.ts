/**
 * What the Battery Data Format's own validator looks at (battery-data-alliance/battery-data-format at 1412b98,
 * src/bdf/_validate.py and _time_scale.py), which needs Python: required columns, identities, what never falls, whole
 * cycles, the step's counter, and that elapsed time agrees with the clock.
 */

type Table = ReadonlyMap<string, readonly number[]>;

const REQUIRED = ['Test Time / s', 'Voltage / V', 'Current / A'];
const NEVER_FALL = [
  'Cumulative Capacity / Ah',
  'Cumulative Energy / Wh',
  'Charging Capacity / Ah',
  'Discharging Capacity / Ah',
  'Charging Energy / Wh',
  'Discharging Energy / Wh',
];
const IDENTITIES = (['Capacity / Ah', 'Energy / Wh'] as const).flatMap(q => [
  { of: `Cumulative ${q}`, sign: 1, a: `Charging ${q}`, b: `Discharging ${q}` },
  { of: `Net ${q}`, sign: -1, a: `Charging ${q}`, b: `Discharging ${q}` },
]);

const most = (values: readonly number[]): number =>
  values.reduce((top, v) => (Number.isFinite(v) ? Math.max(top, Math.abs(v)) : top), 0);
const drops = (values: readonly number[], eps: number): number =>
  values.filter((v, i) => i > 0 && v - values[i - 1] < -eps).length;

/** What the validator would say of a table; columns by label, NaN for an empty cell. */
export function bdfObjections(table: Table): string[] {
  const said = REQUIRED.filter(label => !table.has(label)).map(label => `missing ${label}`);
  for (const { of, sign, a, b } of IDENTITIES) {
    const [got, left, right] = [of, a, b].map(label => table.get(label));
    if (got === undefined || left === undefined || right === undefined) continue;
    const expected = left.map((v, i) => v + sign * right[i]);
    const scale = most(expected);
    const wrong = got.filter(
      (v, i) => Math.abs(v - expected[i]) > 1e-9 + 1e-7 * scale + 1e-6 * Math.abs(expected[i]),
    );
    if (wrong.length > 0) said.push(`${of} is not ${a} ${sign > 0 ? '+' : '-'} ${b} in ${wrong.length} rows`);
  }
  for (const label of NEVER_FALL) {
    const values = table.get(label) ?? [];
    const count = drops(values, 1e-9 + 1e-6 * most(values));
    if (count > 0) said.push(`${label} falls ${count} times`);
  }
  const cycles = table.get('Cycle Count / 1') ?? [];
  if (cycles.some(v => v < 0)) said.push('cycle count below 0');
  if (cycles.some(v => Number.isFinite(v) && !Number.isInteger(v))) said.push('cycle count not whole');
  if (drops(cycles, 0) > 0) said.push('cycle count falls');
  const inStep = table.get('Step Record Index / 1') ?? [];
  if (inStep.length > 0 && Math.min(...inStep) !== 1) said.push('step record index never 1');
  const time = table.get('Test Time / s') ?? [];
  if (drops(time, 0) > 0) said.push('time falls');
  const ratio = clockRatio(time, table.get('Unix Time / s') ?? []);
  if (ratio !== undefined && Math.abs(ratio - 1) > 0.05)
    said.push(`time runs ${ratio} times as fast as the clock`);
  return said;
}

function clockRatio(time: readonly number[], clock: readonly number[]): number | undefined {
  const ratios = clock.flatMap((v, i) => {
    if (i === 0) return [];
    const [elapsed, wall] = [time[i] - time[i - 1], v - clock[i - 1]];
    return elapsed > 0 && wall >= 0.5 ? [elapsed / wall] : [];
  });
  ratios.sort((a, b) => a - b);
  return ratios.length < 10 ? undefined : ratios[ratios.length >> 1];
}
