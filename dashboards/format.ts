/** How numbers, units, times and text are written for people; the page and the report share it. */

const UNIT_WORDS: Readonly<Record<string, string>> = {
  degC: '°C',
  barg: 'bar(g)',
  bara: 'bar(a)',
  vol_pct: 'vol %',
  pct: '%',
  NL_per_min: 'NL/min',
  L_per_min: 'L/min',
  uS_per_cm: 'µS/cm',
  count: '',
  on: '',
  '1': '',
};

/** A unit as people write it: `uV_per_h` -> µV/h, `mOhm_cm2` -> mΩ cm². An unknown unit is shown as it is. */
export function unitText(unit: string): string {
  const known = UNIT_WORDS[unit];
  if (known !== undefined) return known;
  return unit
    .replace(/_per_/g, '/')
    .replace(/degC/g, '°C')
    .replace(/vol_pct/g, 'vol %')
    .replace(/(^|_)pct/g, '$1%')
    .replace(/_/g, ' ')
    .replace(/\./g, '·')
    .replace(/(^|[\s/])u(?=[A-Z])/g, '$1µ')
    .replace(/Ohm/g, 'Ω')
    .replace(/cm2/g, 'cm²')
    .replace(/m3/g, 'm³');
}

const ROLE_WORDS: Readonly<Record<string, string>> = {
  'o2.h2_vol_pct': 'H₂ in O₂',
  'h2.o2_vol_pct': 'O₂ in H₂',
  'h2.flow_NL_per_min': 'H₂ flow',
  'room.h2_vol_pct': 'room H₂',
  'stack.powerAsked_kW': 'power asked',
  'stack.power_W': 'power drawn',
};

/** A role in words, without its unit: `stack.inletTemperature_degC` -> stack inlet temperature. */
export function roleText(role: string, unit: string): string {
  const known = ROLE_WORDS[role];
  if (known !== undefined) return known;
  const plain = role.replace(/\[\]/g, '');
  const bare = unit === '' ? plain : plain.replace(`_${unit}`, '');
  return words(bare);
}

/** The id of a key figure in words, without its unit: `specificEnergy_kWh_per_kg` -> specific energy. */
export function kpiText(id: string, unit: string): string {
  const bare = unit !== '' && id.endsWith(`_${unit}`) ? id.slice(0, -unit.length - 1) : id;
  return words(bare);
}

/** The point of a number stays: 0.1s. */
function words(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])(?=[a-z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+|\.(?!\d)|(?<!\d)\./g, ' ')
    .replace(/\b[oO]2\b/g, 'O₂')
    .replace(/\b[hH]2\b/g, 'H₂')
    .replace(/\bn2\b/g, 'N₂')
    .replace(/\b(hhv|lhv|asr|rms)\b/gi, acronym => acronym.toUpperCase())
    .replace(/\bfaraday\b/g, 'Faraday')
    .trim();
}

/** Decimals that the sensors of a bench can back, by unit, so that live digits do not flicker with noise. */
const DECIMALS: Readonly<Record<string, number>> = {
  V: 1,
  mV: 1,
  A: 1,
  mA: 1,
  W: 0,
  kW: 1,
  degC: 1,
  barg: 2,
  bara: 2,
  bar: 2,
  vol_pct: 2,
  pct: 1,
  NL_per_min: 0,
  L_per_min: 0,
  uS_per_cm: 2,
  on: 0,
  count: 0,
  s: 0,
};

/** What a stack has in thousands a single cell has in tenths: here a small value keeps three significant digits. */
const BY_SIZE: ReadonlySet<string> = new Set(['A', 'mA', 'W', 'kW', 'NL_per_min', 'L_per_min']);
/** At most so many decimals beyond those of the unit: a zero of a large instrument is not shown in its noise. */
const MORE_DECIMALS = 3;

/** Of a voltage at most so many: what a person reads of a cell. */
const VOLT_DECIMALS = 3;

/**
 * A live value without its unit; two-state values read on or off. `resolution`, in its unit: what its instrument may be wrong
 * at least. With it the decimals are those of the role, whatever the value; without, cell voltages (below 5 V) get three.
 */
export function valueText(value: number, unit: string, resolution?: number): string {
  if (unit === 'on') return value >= 0.5 ? 'on' : 'off';
  const usual = unit === 'V' && Math.abs(value) < 5 ? 3 : (DECIMALS[unit] ?? 3);
  const size = Math.abs(value);
  const forThree = BY_SIZE.has(unit) && size > 0 ? 2 - Math.floor(Math.log10(size)) : usual;
  const fixed = resolution === undefined ? undefined : fixedDecimals(unit, resolution);
  const digits = value.toFixed(fixed ?? Math.min(usual + MORE_DECIMALS, Math.max(usual, forThree)));
  // A zero has no sign.
  return /^-[0.]+$/.test(digits) ? digits.slice(1) : minus(digits);
}

/** As many decimals as the resolution has, within what is usual for the unit; undefined: they hang on the unit alone. */
function fixedDecimals(unit: string, resolution: number): number | undefined {
  if (!(resolution > 0) || (unit !== 'V' && !BY_SIZE.has(unit))) return undefined;
  const usual = DECIMALS[unit] ?? 0;
  const most = unit === 'V' ? VOLT_DECIMALS : usual + MORE_DECIMALS;
  return Math.min(most, Math.max(usual, -Math.floor(Math.log10(resolution))));
}

/**
 * A figure with its expanded uncertainty: both to two significant digits of u95 (GUM, JCGM 100:2008, 7.2.6),
 * or four significant digits where none is known.
 */
export function figureText(value: number | null, u95?: number): { value: string; u95: string } {
  if (value === null || !Number.isFinite(value)) return { value: 'no value', u95: '' };
  if (u95 === undefined || !Number.isFinite(u95) || u95 <= 0)
    return { value: significant(value, 4), u95: '' };
  const exponent = Math.floor(Math.log10(u95));
  const decimals = Math.min(10, Math.max(0, 1 - exponent));
  // From 100 on, the digits that the uncertainty does not back are zeros.
  const step = exponent > 1 ? 10 ** (exponent - 1) : 0;
  const round = (x: number): string =>
    grouped((step > 0 ? Math.round(x / step) * step : x).toFixed(decimals));
  return { value: round(value), u95: round(u95) };
}

function significant(value: number, digits: number): string {
  if (value === 0) return '0';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return grouped(value.toFixed(0));
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent < -5 || exponent > 12) return minus(value.toExponential(digits - 1));
  return grouped(value.toFixed(Math.min(12, Math.max(0, digits - 1 - exponent))));
}

/** Thin spaces between thousands from 10 000 on, a real minus sign. */
export function grouped(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const bare = whole.replace('-', '');
  const spaced = bare.length > 4 ? bare.replace(/\B(?=(\d{3})+$)/g, '\u202f') : bare;
  return (digits.startsWith('-') ? '\u2212' : '') + spaced + (fraction === undefined ? '' : `.${fraction}`);
}

function minus(digits: string): string {
  return digits.startsWith('-') ? `\u2212${digits.slice(1)}` : digits;
}

/** UTC without its fractions; null: nothing. */
export function utcText(utc: string | null): string {
  return utc === null ? '' : `${utc.slice(0, 19).replace('T', ' ')} UTC`;
}

/** Run time as h:mm:ss; days stay in hours, as test logs count. */
export function timeText(t_s: number): string {
  const whole = Math.max(0, Math.round(t_s));
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** Whether what was measured is real: as it stands in files, in any language. */
export const MODE_NAMES = { rehearsal: 'SIMULATED', wire: 'EMULATED', bench: 'REAL' } as const;

/** What a run is called: the last part of its folder. */
export function runName(id: string): string {
  return id.split(/[\\/]/).findLast(part => part !== '') ?? id;
}

/** What is taken away of a run is called by bench, subject, run, method and mode, then by what it is; every system takes the name. */
export function takenName(
  run: {
    readonly id: string;
    readonly bench: string;
    readonly subject: string;
    readonly method: string;
    readonly mode: keyof typeof MODE_NAMES;
  },
  what: readonly string[],
  ending: string,
): string {
  return fileName(
    [run.bench, run.subject, runName(run.id), run.method, MODE_NAMES[run.mode], ...what],
    ending,
  );
}

/** A name of a file that every system takes, of what it is about. */
export function fileName(parts: readonly string[], ending: string): string {
  const name = parts
    .map(part => part.replaceAll(/[^A-Za-z0-9.]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, ''))
    .filter(part => part !== '')
    .join('_');
  return `${name.slice(0, 180)}.${ending}`;
}

/** Run time in the name of a file: 2h03m20s. */
export function timeName(t_s: number): string {
  const [h, m, s] = timeText(t_s).split(':');
  return `${h}h${m}m${s}s`;
}

/** A length of time in the unit that reads best: 42 s, 12.5 min, 8.00 h. */
export function durationText(d_s: number): string {
  if (d_s < 120) return `${significant(Math.round(d_s * 10) / 10, 3)} s`;
  if (d_s < 7200) return `${(d_s / 60).toFixed(1)} min`;
  return `${(d_s / 3600).toFixed(2)} h`;
}

/** Text made safe inside HTML and SVG, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
