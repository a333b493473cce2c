import type { Bath } from './bath.ts';

/** How one make speaks: the answer to a line, or undefined where it says nothing. */
export interface ThermalDialect {
  readonly terminator: string;
  /** What it says of itself. */
  readonly plate: string;
  /** It does not hear the first line after its line was opened. */
  readonly deafAtFirst?: boolean;
  answer(bath: Bath, line: string, plate: string): string | undefined;
}

const number = (text: string): number => (/^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN);
const takes = (bath: Bath, value: number): boolean => value >= bath.limits[0] && value <= bath.limits[1];

/** Julabo: IN is answered, OUT never; in panel mode OUT is ignored, out of range shows in the next STATUS. */
const julabo: ThermalDialect = {
  terminator: '\r\n',
  plate: 'JULABO EMULATED-F25 VERSION 1.0',
  deafAtFirst: true,
  answer(bath, line, plate) {
    const [word, argument = ''] = line.split(/\s+/);
    if (word.startsWith('OUT_')) {
      if (bath.local) return undefined;
      if (word === 'OUT_SP_00' && takes(bath, number(argument))) bath.setpoint = number(argument);
      if (word === 'OUT_MODE_05' && /^[01]$/.test(argument)) bath.running = argument === '1';
      return undefined;
    }
    switch (word) {
      case 'VERSION':
        return plate;
      case 'STATUS':
        if (bath.alarm) return '-01 LOW LEVEL ALARM';
        return `0${(bath.local ? 0 : 2) + (bath.running ? 1 : 0)} ${bath.local ? 'MANUAL' : 'REMOTE'} ${bath.running ? 'START' : 'STOP'}`;
      case 'IN_PV_00':
        return bath.temperature().toFixed(2);
      case 'IN_PV_01':
        return bath.heater_pct().toFixed(1);
      case 'IN_PV_02':
        return bath.hasProbe ? bath.temperature().toFixed(2) : '---.--';
      case 'IN_SP_00':
        return bath.setpoint.toFixed(2);
      case 'IN_MODE_05':
        return bath.running ? '1' : '0';
      default:
        return undefined;
    }
  },
};

const word16 = (value: number): string =>
  (Math.round(value) & 0xffff).toString(16).toUpperCase().padStart(4, '0');
const celsius = (value: number): string => (Number.isNaN(value) ? 'C504' : word16(100 * value));

/** Huber PB: `{M`, two digits of the variable, four of the value or `****`; answered with `{S`. Bad syntax: silence. */
const huber: ThermalDialect = {
  terminator: '\r\n',
  plate: '1A2B',
  answer(bath, line, plate) {
    const [, variable = '', value = ''] = /^\{M([0-9A-F]{2})([0-9A-F]{4}|\*{4})$/.exec(line) ?? [];
    const isSet = /^[0-9A-F]/.test(value);
    const signed = (Number.parseInt(value, 16) << 16) >> 16;
    const shown: Readonly<Record<string, () => string>> = {
      '00': () => {
        if (isSet && !bath.local && takes(bath, signed / 100)) bath.setpoint = signed / 100;
        return celsius(bath.setpoint);
      },
      '01': () => celsius(bath.temperature()),
      '05': () => word16(bath.alarm ? -1 : 0),
      '06': () => word16(0),
      '07': () => celsius(bath.hasProbe ? bath.temperature() : Number.NaN),
      '0A': () =>
        word16((bath.running ? 1 : 0) | (bath.pumping || bath.running ? 2 : 0) | (bath.alarm ? 0x100 : 0)),
      '14': () => {
        if (isSet && !bath.local) bath.running = signed === 1;
        return word16(bath.running ? 1 : 0);
      },
      '16': () => {
        if (isSet && !bath.local) bath.pumping = signed === 1;
        return word16(bath.pumping ? 1 : 0);
      },
      '1B': () => plate,
    };
    if (variable === '') return undefined;
    return `{S${variable}${shown[variable]?.() ?? '7FFF'}`;
  },
};

const sum8 = (text: string): string =>
  ([...text].reduce((sum, one) => sum + one.charCodeAt(0), 0) & 0xff)
    .toString(16)
    .toUpperCase()
    .padStart(2, '0');

/**
 * Huber LAI: `[M`, address, command, length of what stands before the checksum, data, checksum. V is answered with the name, G
 * with mode, alarm, set point, internal and external temperature; what is `*` in its data stays. Damaged frames: silence.
 */
const huberLai: ThermalDialect = {
  terminator: '\r',
  plate: 'EMULATED-CC-K6',
  answer(bath, line, plate) {
    const body = line.slice(0, -2);
    if (line.slice(-2) !== sum8(body) || Number.parseInt(body.slice(5, 7), 16) !== body.length)
      return undefined;
    const reply = (command: string, data: string): string => {
      const text = `[S01${command}${(7 + data.length).toString(16).toUpperCase().padStart(2, '0')}${data}`;
      return text + sum8(text);
    };
    if (body === '[M01V07') return reply('V', plate);
    const set = /^\[M01G0D([TOC*])([01*])(\*{4}|[0-9A-F]{4})$/.exec(body);
    if (set === null) return undefined;
    const [, mode, , value] = set;
    const setpoint = ((Number.parseInt(value, 16) << 16) >> 16) / 100;
    if (!bath.local && value[0] !== '*' && takes(bath, setpoint)) bath.setpoint = setpoint;
    if (!bath.local && mode !== '*') {
      bath.running = mode === 'T';
      bath.pumping = mode === 'C';
    }
    const shown = bath.running ? 'T' : bath.pumping ? 'C' : 'O';
    const probe = celsius(bath.hasProbe ? bath.temperature() : Number.NaN);
    return reply(
      'G',
      `${shown}${bath.alarm ? 1 : 0}${celsius(bath.setpoint)}${celsius(bath.temperature())}${probe}`,
    );
  },
};

/** LAUDA: words parted by `_` or a blank, OK or ERR_n; standby when its line has been silent for `OUT_SP_08` seconds. */
const lauda: ThermalDialect = {
  terminator: '\r\n',
  plate: 'EMULATED-RP245',
  answer(bath, line, plate) {
    const set = /^OUT_SP_(\d\d)[_ ]([+-]?[\d.]+)$/.exec(line);
    if (set !== null) {
      const value = number(set[2]);
      if (Number.isNaN(value)) return 'ERR_5';
      if (set[1] === '00') {
        if (!takes(bath, value)) return 'ERR_6';
        bath.setpoint = value;
        return 'OK';
      }
      if (set[1] !== '08') return 'ERR_3';
      if (!(value >= 0 && value <= 99)) return 'ERR_6';
      bath.timeout_s = Math.round(value);
      return 'OK';
    }
    switch (line) {
      case 'TYPE':
        return plate;
      case 'START':
        if (bath.alarm) return 'ERR_6';
        bath.running = true;
        return 'OK';
      case 'STOP':
        bath.running = false;
        return 'OK';
      case 'STATUS':
        return bath.alarm ? '-1' : '0';
      case 'IN_MODE_02':
        return bath.running ? '0' : '1';
      case 'IN_PV_00':
        return bath.temperature().toFixed(2);
      case 'IN_PV_03':
        return bath.hasProbe ? bath.temperature().toFixed(2) : 'ERR_32';
      case 'IN_SP_00':
        return bath.setpoint.toFixed(2);
      case 'IN_SP_08':
        return String(bath.timeout_s).padStart(2, '0');
      default:
        return 'ERR_3';
    }
  },
};

/** SimServ: fields parted by 0xB6: command, chamber, arguments; answers `1` and the values, or a negative number. */
const simserv: ThermalDialect = {
  terminator: '\r\n',
  plate: 'EMULATED-VC3',
  answer(bath, line, plate) {
    const [command, chamber, index = '', value = ''] = line.split('\xb6');
    if (chamber !== '1') return '-6';
    const one = (text: string): string => `1\xb6${text}`;
    const bits = (bath.running ? 2 : 1) | (bath.alarm ? 8 : 0);
    switch (command) {
      case '99997':
        return one(plate);
      case '10012':
        return one(String(bits));
      case '11001':
        if (index !== '1' || !takes(bath, number(value))) return '-6';
        bath.setpoint = number(value);
        return '1';
      case '11002':
        return index === '1' ? one(bath.setpoint.toFixed(2)) : '-6';
      case '11004':
        return index === '1' ? one(bath.temperature().toFixed(2)) : '-6';
      case '14001':
        if (index !== '1' || !/^[01]$/.test(value)) return '-6';
        bath.running = value === '1';
        return '1';
      case '14003':
        return index === '1' ? one(bath.running ? '1' : '0') : '-6';
      default:
        return '-5';
    }
  },
};

/** By the name of the family in a bench file. */
export const THERMAL_DIALECTS: Readonly<Record<string, ThermalDialect>> = {
  huber,
  'huber-lai': huberLai,
  julabo,
  lauda,
  simserv,
};
