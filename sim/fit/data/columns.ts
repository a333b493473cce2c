/**
 * What a column of a measured file is, from its name: ours (`re_Ohm`, `cell.voltage_V`), ours in another unit
 * (`re_mOhm`, `time_ms`), or as potentiostats and cyclers write them (`-Im(Z)/Ohm`, `Z'' (mOhm)`, `Test Time / s`).
 */

/** What a column holds: value in the file times `factor`, plus `offset`, is the quantity in the unit of `name`. */
export interface ColumnMeaning {
  /** As our files name it; impedance of an area ends in `_Ohm_cm2`. */
  readonly name: string;
  readonly factor: number;
  readonly offset?: number | undefined;
  /** Written our way; else recognised. */
  readonly isOurs: boolean;
  /** The name says its unit. */
  readonly hasUnit: boolean;
}

interface Unit {
  readonly name: string;
  readonly factor: number;
  readonly offset?: number;
}

/** Units by how they are written; where case tells milli from mega it counts. */
const UNITS: readonly (readonly [written: RegExp, unit: Unit])[] = [
  [/^hz$/i, { name: 'Hz', factor: 1 }],
  [/^hertz$/i, { name: 'Hz', factor: 1 }],
  [/^k[Hh]z$/, { name: 'Hz', factor: 1e3 }],
  [/^MHz$/, { name: 'Hz', factor: 1e6 }],
  [/^mHz$/, { name: 'Hz', factor: 1e-3 }],
  [/^ohms?$/i, { name: 'Ohm', factor: 1 }],
  [/^m[Oo]hms?$/, { name: 'Ohm', factor: 1e-3 }],
  [/^u[Oo]hms?$/, { name: 'Ohm', factor: 1e-6 }],
  [/^k[Oo]hms?$/, { name: 'Ohm', factor: 1e3 }],
  [/^M[Oo]hms?$/, { name: 'Ohm', factor: 1e6 }],
  [/^[Oo]hm_?cm2$/, { name: 'Ohm_cm2', factor: 1 }],
  [/^m[Oo]hm_?cm2$/, { name: 'Ohm_cm2', factor: 1e-3 }],
  [/^deg(rees?)?$/i, { name: 'deg', factor: 1 }],
  [/^°$/, { name: 'deg', factor: 1 }],
  [/^rad(ians?)?$/i, { name: 'deg', factor: 180 / Math.PI }],
  [/^(s|sec|seconds?)$/i, { name: 's', factor: 1 }],
  [/^(ms|msec|milliseconds?)$/i, { name: 's', factor: 1e-3 }],
  [/^(us|usec|microseconds?)$/i, { name: 's', factor: 1e-6 }],
  [/^min(utes?)?$/i, { name: 's', factor: 60 }],
  [/^(h|hr|hours?)$/i, { name: 's', factor: 3600 }],
  [/^(A|amp(ere)?s?)$/i, { name: 'A', factor: 1 }],
  [/^A_per_cm2$/, { name: 'A_per_cm2', factor: 1 }],
  [/^mA_per_cm2$/, { name: 'A_per_cm2', factor: 1e-3 }],
  [/^mA$/, { name: 'A', factor: 1e-3 }],
  [/^uA$/, { name: 'A', factor: 1e-6 }],
  [/^kA$/, { name: 'A', factor: 1e3 }],
  [/^A_per_m2$/, { name: 'A_per_cm2', factor: 1e-4 }],
  [/^kA_per_m2$/, { name: 'A_per_cm2', factor: 0.1 }],
  [/^V(olts?)?$/i, { name: 'V', factor: 1 }],
  [/^mV$/, { name: 'V', factor: 1e-3 }],
  [/^uV$/, { name: 'V', factor: 1e-6 }],
  [/^h+:m(m|in)?:s+(ms|0+)?$/i, { name: 's', factor: 1 }],
  [/^(deg|°) ?C$/i, { name: 'degC', factor: 1 }],
  [/^K$/, { name: 'degC', factor: 1, offset: -273.15 }],
  [/^barg$/, { name: 'barg', factor: 1 }],
  // The standard atmosphere.
  [/^bara$/, { name: 'barg', factor: 1, offset: -1.01325 }],
];

/** Names as others write them, without case, blanks and brackets. The second part: units that it may have. */
const NAMES: readonly (readonly [written: RegExp, name: string, units: readonly string[]])[] = [
  [/^(freq(uency)?|f|freqs|frequenz)$/, 'frequency', ['Hz']],
  [
    /^(data)?(re|re z|z ?re|z ?real|real ?z|real|z'|real ?impedance|real ?part|re impedance|real ?teil( z)?)$/,
    're',
    ['Ohm', 'Ohm_cm2'],
  ],
  [
    /^(data)?(im|im z|z ?im|z ?imag|z ?img|imag ?z|imag(inary)?|z''|imag(inary)? ?impedance|imag(inary)? ?part|im impedance|imaginär ?teil( z)?)$/,
    'im',
    ['Ohm', 'Ohm_cm2'],
  ],
  [
    /^(\|z\||z ?mod|mod(ulus)?|abs(olute)?( ?z| ?impedance)?|magnitude|impedance ?magnitude|z|impedance|impedanz|betrag( z)?)$/,
    'modulus',
    ['Ohm', 'Ohm_cm2'],
  ],
  [
    /^(phase( ?z| ?angle)?|z ?phz|z ?phase|theta|arg( ?z)?|phasen(winkel|verschiebung)?( z)?)$/,
    'phase',
    ['deg'],
  ],
  [
    /^(time|test ?time|total ?time|elapsed ?time|run ?time|record ?time|t|(prüf|test|gesamt|mess)?zeit)$/,
    'time',
    ['s'],
  ],
  [
    /^(date|date ?time|dpt ?time|absolute ?time|real ?time|time ?stamp|zeitstempel|datum|datum ?(\/|und)? ?(uhr)?zeit|uhrzeit)( .*)?$/,
    'date',
    ['s'],
  ],
  [
    /^(voltage|volts?|ewe|ewe ?- ?ece|ecell|cell ?voltage|potential|e|u|v|vf|(zell)?spannung)$/,
    'cell.voltage',
    ['V'],
  ],
  [/^(stack ?voltage|stackspannung)$/, 'stack.voltage', ['V']],
  [/^(current|amps?|i|cell ?current|(zell)?strom)$/, 'cell.current', ['A']],
  // Gamry's measured current; without a unit it would be Im Z.
  [/^im$/, 'cell.current', ['A']],
  [/^(current( ?density)?|j|i|stromdichte)$/, 'current', ['A_per_cm2']],
  [/^(temperature|temp|t|(zell|stack)?temperatur)$/, 'temperature', ['degC']],
  [/^cathode( ?pressure)?$/, 'cathode', ['barg']],
  [/^anode( ?pressure)?$/, 'anode', ['barg']],
];
const USUAL: Readonly<Record<string, string>> = {
  Hz: 'Hz',
  Ohm: 'Ohm',
  deg: 'deg',
  s: 's',
  V: 'V',
  A: 'A',
  A_per_cm2: 'A_per_cm2',
  degC: 'degC',
  barg: 'barg',
};

/** Ours: `quantity_unit`, with a device in front or not. */
const OURS =
  /^(frequency|re|im|modulus|phase|time|current|cellVoltage|stackVoltage|temperature|cathode|anode|u|[a-z]\w*(?:\.\w+(?:\[\d+\])?)+)_(\w+)$/;

/** Reads a column's name, with the unit that stands under it where one does; undefined where it is none that we know. */
export function meaningOf(written: string, under = ''): ColumnMeaning | undefined {
  const plain = ours(written) ?? foreign(written);
  if (plain?.hasUnit === true || unitOf(plainUnit(under)) === undefined) return plain;
  return foreign(`${written} / ${plainUnit(under)}`);
}

function ours(written: string): ColumnMeaning | undefined {
  const parts = OURS.exec(written);
  if (parts === null) return undefined;
  const found = unitOf(parts[2]);
  // Roles keep the units that they have (degC, barg, h ...), but for those of voltage and current, and kelvin.
  const isKept = parts[1].includes('.') && parts[2] !== 'K' && !['V', 'A'].includes(found?.name ?? '');
  const unit = isKept ? undefined : found;
  const name = unit === undefined ? written : `${parts[1]}_${unit.name}`;
  return { name, factor: unit?.factor ?? 1, offset: unit?.offset, isOurs: true, hasUnit: true };
}

function foreign(written: string): ColumnMeaning | undefined {
  const plain = plainUnit(written)
    // ZPlot's first and second quantity.
    .replace(/^(Z'{1,2})\s*\([ab]\)$/i, '$1');
  const cut =
    /^(.*?)\s*\/\s*([^/]+)$/.exec(plain) ??
    /^(.*?)\s*[([]([^()[\]]*)[)\]]$/.exec(plain) ??
    /^(.*)_(m?ohm_cm2)$/i.exec(plain) ??
    /^(.*?)\s+in\s+([^ ]+)$/i.exec(plain) ??
    /^(.*?)[_ ]([^_ ]+)$/.exec(plain);
  const unit = cut === null ? undefined : unitOf(cut[2].replace(/[. ]/g, ''));
  const stem = (unit === undefined || cut === null ? plain : cut[1])
    .toLowerCase()
    .replace(/[()<>[\]_.]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const negative = /^(-|minus |neg(ative)? )\s*/.exec(stem);
  const bareStem = negative === null ? stem : stem.slice(negative[0].length);
  const found = NAMES.find(
    ([pattern, , units]) =>
      pattern.test(bareStem.replace(/^data /, 'data')) && (unit === undefined || units.includes(unit.name)),
  );
  if (found === undefined) return undefined;
  const [, name, units] = found;
  const suffix = unit?.name ?? USUAL[units[0]];
  const sign = negative === null ? 1 : -1;
  return {
    name: `${name}_${suffix}`,
    factor: sign * (unit?.factor ?? 1),
    offset: unit?.offset,
    isOurs: false,
    hasUnit: unit !== undefined,
  };
}

/** Signs of units and quantities as they can be written with plain letters. */
function plainUnit(written: string): string {
  return written
    .replace(/[\u03a9\u2126]/g, 'Ohm')
    .replace(/[\u03bc\u00b5]/g, 'u')
    .replace(/[\u2032\u2019]/g, "'")
    .replace(/[\u2033\u201d"]/g, "''")
    .replace(/[\u2212\u2013]/g, '-')
    .replace(/\u00b2|\^2/g, '2')
    .replace(/[\u00b7*]/g, '')
    .replace(/\b([mk]?A)(?:\s*\/\s*| )(c?m)(?:\^?-)?2(?!\d)/, (_, a: string, m: string) => `${a}_per_${m}2`);
}

/** A unit by how it is written; undefined where it is none that we know. */
export function unitOf(written: string): Unit | undefined {
  const plain = plainUnit(written);
  return UNITS.find(([pattern]) => pattern.test(plain))?.[1];
}
