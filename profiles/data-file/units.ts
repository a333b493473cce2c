/** Units in which load files give their values and times, as people spell them in headers. */

/** What a column of a load file may hold. */
export type Quantity = 'power' | 'share' | 'wind speed' | 'irradiance';

/** A unit of a value: factor x number = W, part of rated, m/s or W/m2. */
export interface ValueUnit {
  readonly quantity: Quantity;
  readonly factor: number;
  /** As it is written in messages, e.g. `MW`. */
  readonly shown: string;
}

/** A unit of a time: factor x number = s. */
export interface TimeUnit {
  readonly factor: number;
  readonly shown: string;
}

const value = (quantity: Quantity, factor: number, shown: string): ValueUnit => ({
  quantity,
  factor,
  shown,
});

/** Units of values by the last part of a key in a method file. */
export const VALUE_UNITS = {
  power_W: value('power', 1, 'W'),
  power_kW: value('power', 1e3, 'kW'),
  power_MW: value('power', 1e6, 'MW'),
  power_GW: value('power', 1e9, 'GW'),
  power_frac: value('share', 1, 'p.u.'),
  power_pct: value('share', 0.01, '%'),
  wind_speed_m_per_s: value('wind speed', 1, 'm/s'),
  wind_speed_km_per_h: value('wind speed', 1 / 3.6, 'km/h'),
  // The international knot: 1852 m in an hour.
  wind_speed_kn: value('wind speed', 1852 / 3600, 'kn'),
  irradiance_W_per_m2: value('irradiance', 1, 'W/m2'),
  irradiance_kW_per_m2: value('irradiance', 1e3, 'kW/m2'),
} as const satisfies Readonly<Record<string, ValueUnit>>;

export type ValueKey = keyof typeof VALUE_UNITS;
export const VALUE_KEYS = Object.keys(VALUE_UNITS) as readonly ValueKey[];

/** Units of numeric times by the key in a method file. */
export const TIME_UNITS = {
  time_ms: { factor: 0.001, shown: 'ms' },
  time_s: { factor: 1, shown: 's' },
  time_min: { factor: 60, shown: 'min' },
  time_h: { factor: 3600, shown: 'h' },
  time_d: { factor: 86_400, shown: 'd' },
} as const satisfies Readonly<Record<string, TimeUnit>>;

export type TimeKey = keyof typeof TIME_UNITS;
export const TIME_KEYS = Object.keys(TIME_UNITS) as readonly TimeKey[];

// Big and small letters count where they make another unit of it: mW is no MW, and M no m.
const VALUE_SPELLINGS: readonly (readonly [spelt: RegExp, key: ValueKey])[] = [
  [/^w(att)?$/i, 'power_W'],
  [/^(k(ilo)?w(att)?|kwh ?\/ ?h)$/i, 'power_kW'],
  // Markets write the mean power of an hour as MWh/h.
  [/^(M(ega)?[Ww](att)?|MWh ?\/ ?h)$/, 'power_MW'],
  [/^G(iga)?[Ww](att)?$/, 'power_GW'],
  [/^(p\.? ?u\.?|frac(tion)?|per unit|1|-)$/i, 'power_frac'],
  [/^(%|pct|percent|prozent)( (of|von) .*)?$/i, 'power_pct'],
  [/^(m ?\/ ?s|m_per_s|mps|m ?[*·.]? ?s(\^|\*\*)?[-−]1|m ?[*·]? ?s⁻¹)$/, 'wind_speed_m_per_s'],
  [/^(km ?\/ ?h|km_per_h|kmh|kph)$/, 'wind_speed_km_per_h'],
  [/^(kn|kt|kts|knots?|knoten)$/i, 'wind_speed_kn'],
  [/^W( ?\/ ?|_per_)m(\^|\*\*)?[2²]$|^W ?[*·.]? ?m((\^|\*\*)?[-−]2|⁻²)$/i, 'irradiance_W_per_m2'],
  [/^kW( ?\/ ?|_per_)m(\^|\*\*)?[2²]$|^kW ?[*·.]? ?m((\^|\*\*)?[-−]2|⁻²)$/i, 'irradiance_kW_per_m2'],
];

const TIME_SPELLINGS: readonly (readonly [spelt: RegExp, key: TimeKey])[] = [
  [/^(ms|msec|milliseconds?|millisekunden?)$/i, 'time_ms'],
  [/^(s|sec|secs|seconds?|sekunden?)$/i, 'time_s'],
  [/^(min|mins|minutes?|minuten?)$/i, 'time_min'],
  [/^(h|hr|hrs|hours?|std|stunden?)$/i, 'time_h'],
  [/^(d|days?|tage?)$/i, 'time_d'],
];

/** The unit of a value as somebody spelt it; undefined where it is none that a load can have. */
export function valueUnitOf(spelt: string): ValueKey | undefined {
  return VALUE_SPELLINGS.find(([pattern]) => pattern.test(spelt.trim()))?.[1];
}

/** The unit of a time as somebody spelt it; undefined where it is none. */
export function timeUnitOf(spelt: string): TimeKey | undefined {
  return TIME_SPELLINGS.find(([pattern]) => pattern.test(spelt.trim()))?.[1];
}

/** A heading of a column taken apart: `power [kW]`, `power (kW)`, `power / kW`, `power in kW`, `power_kW`. */
export interface Heading {
  readonly name: string;
  /** As it is spelt, whatever it is; undefined where the heading has none. */
  readonly unit: string | undefined;
}

const BRACKETED = /^(.*?)\s*[[({]\s*([^\])}]*?)\s*[\])}]\s*$/;
/** A bracket that more words follow. */
const INNER = /[[({]\s*([^\])}]*?)\s*[\])}]/g;
const SEPARATE = /^(.*\S)\s*(?: in |,| \/ |;)\s*(\S.*)$/i;

/** Takes a heading apart. A last word or part counts as unit only where it is one of values or times. */
export function headingOf(text: string): Heading {
  const whole = text.trim();
  const inner = [...whole.matchAll(INNER)].find(found => found.index > 0 && isUnit(found[1]));
  if (inner !== undefined) {
    const rest = `${whole.slice(0, inner.index)} ${whole.slice(inner.index + inner[0].length)}`;
    return { name: rest.replace(/\s+/g, ' ').trim(), unit: inner[1] };
  }
  const bracketed = BRACKETED.exec(whole);
  if (bracketed !== null && bracketed[1] !== '') return { name: bracketed[1], unit: bracketed[2] };
  const separate = SEPARATE.exec(whole);
  if (separate !== null && isUnit(separate[2])) return { name: separate[1], unit: separate[2] };
  // The longest ending that is a unit: wind_speed_m_per_s ends in m_per_s, and in s.
  for (const { index: at } of whole.matchAll(/[_ /]/g)) {
    const unit = whole.slice(at + 1);
    if (at > 0 && unit !== '1' && unit !== '-' && isUnit(unit)) return { name: whole.slice(0, at), unit };
  }
  return { name: whole, unit: undefined };
}

/** Whether it spells a unit that a load or a time can have. */
export function isUnit(text: string): boolean {
  return valueUnitOf(text) !== undefined || timeUnitOf(text) !== undefined;
}
