import { sha256Of } from '../../../../drivers/contract/sha256.ts';
import type { Ledger } from '../ledger.ts';
import {
  type Amount,
  leavesOf,
  type PlainEnd,
  type PlainMethod,
  type PlainNode,
  type PlainRecord,
  type PlainStep,
  tidy,
} from '../plain-step.ts';
import { directionOf, ofEitherSign, timeOf, untilAt, type Writing } from './parts.ts';
import { given } from './unicycler.ts';

/**
 * Writes a BattINFO test protocol (battery-data-alliance/battery-data-format, test-protocol.schema.json): `method`
 * describes, `artifacts` are what runs, so that our own file goes along with its hash.
 */

type Json = Readonly<Record<string, unknown>>;

const SCHEMA_VERSION = '0.2.0';
/** Letters of the identifiers of BattINFO records. */
const ID_LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

/** `method` undefined: it cannot be said whole, and a part of it would be another one. */
export function writeBattinfo(method: PlainMethod | undefined, name: string, writing: Writing): string {
  const { source, dataFiles, utc_s } = writing;
  const file = source.path.split('/').at(-1) ?? source.path;
  const hash = sha256Of(source.text);
  const whole = {
    schema_version: SCHEMA_VERSION,
    test_spec: { id: `https://w3id.org/battinfo/spec/${identifierOf(hash)}`, name, kind: 'other' },
    ...(method === undefined
      ? {
          notes: [`No step of the method is described here: what runs is the artifact ${file} alone.`],
        }
      : described(method, writing.ledger)),
    artifacts: [
      {
        role: 'source_protocol',
        format: 'cellbench-method-yaml',
        locator: file,
        media_type: 'application/yaml',
        sha256: hash,
        byte_size: Buffer.byteLength(source.text),
      },
      ...dataFiles.map(locator => ({
        role: 'other',
        format: /\.csv$/i.test(locator) ? 'csv' : 'data',
        locator,
      })),
    ],
    provenance: {
      source_type: 'import',
      source_file: file,
      file_hash: hash,
      derived_from_artifact: 'source_protocol',
      retrieved_at: Math.floor(utc_s),
    },
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** The same file has the same identifier. */
function identifierOf(hash: string): string {
  const letters = Array.from(
    { length: 16 },
    (_, i) => ID_LETTERS[Number.parseInt(hash.slice(2 * i, 2 * i + 2), 16) % 32],
  );
  return letters.join('').replaceAll(/(.{4})(?=.)/g, '$1-');
}

function described(method: PlainMethod, ledger: Ledger): Json {
  const { limits, record } = method;
  const temperatures = new Set([...leavesOf(method.steps)].map(leaf => leaf.temperature_degC));
  const [common] = temperatures.size === 1 ? temperatures : [undefined];
  return {
    ...(method.doc === undefined ? {} : { notes: [method.doc] }),
    method: method.steps.map(node => nodeOf(node, common, ledger)),
    ...(record === undefined
      ? {}
      : {
          record: {
            ...given('time_s', record.every_s),
            ...given('voltage_V', record.voltage_V),
            ...given('current_mA', record.current_A, 1000),
          },
        }),
    ...(limits === undefined
      ? {}
      : {
          safety: {
            ...given('max_voltage_V', limits.voltageMax_V),
            ...given('min_voltage_V', limits.voltageMin_V),
            ...given('max_current_mA', limits.currentMax_A, 1000),
            ...given('min_current_mA', limits.currentMin_A, 1000),
            ...given('max_capacity_mAh', limits.chargeMax_Ah, 1000),
            ...given('max_temperature_degC', limits.temperatureMax_degC),
            ...given('min_temperature_degC', limits.temperatureMin_degC),
            ...given('delay_s', limits.delay_s),
          },
        }),
    ...(common === undefined ? {} : { conditions: { temperature: quantity(common, 'degC') } }),
  };
}

function nodeOf(node: PlainNode, common_degC: number | undefined, ledger: Ledger): Json {
  const description = node.name === undefined ? {} : { description: node.name };
  if (node.kind === 'loop') {
    const steps = node.steps.map(inner => nodeOf(inner, common_degC, ledger));
    return { mode: 'group', ...(node.times === 1 ? {} : { count: node.times }), steps, ...description };
  }
  const time = timeOf(node);
  for (const end of node.ends) ofEitherSign(end, node, untilAt(node), ledger);
  const { temperature_degC } = node;
  return {
    mode: node.kind,
    direction: wayOf(node),
    ...setpointsOf(node),
    ...(node.ends.length === 0 ? {} : { termination: node.ends.map(terminationOf) }),
    ...(time === undefined ? {} : { duration: quantity(time, 's') }),
    ...(temperature_degC === undefined || temperature_degC === common_degC
      ? {}
      : { temperature: quantity(temperature_degC, 'degC') }),
    ...periodOf(node.record),
    ...description,
  };
}

function wayOf(step: PlainStep): string {
  if (step.kind === 'rest') return 'rest';
  if (step.kind === 'cv' || step.kind === 'eis') return 'hold';
  const way = directionOf(step);
  return way > 0 ? 'charge' : way < 0 ? 'discharge' : 'none';
}

function setpointsOf(step: PlainStep): Json {
  const { current, voltage_V, power_W, resistance_Ohm, eis } = step;
  const found: Record<string, Json> = {};
  if (current !== undefined) {
    const { name, unit, value } = sizeOf(current);
    found[name] = quantity(value, unit);
  }
  if (voltage_V !== undefined) found['voltage'] = quantity(voltage_V, 'V');
  if (power_W !== undefined) found['power'] = quantity(Math.abs(power_W), 'W');
  if (resistance_Ohm !== undefined) found['resistance'] = quantity(resistance_Ohm, 'Ohm');
  if (eis !== undefined) {
    const isDown = eis.from_Hz >= eis.to_Hz;
    found[isDown ? 'frequency_upper_limit' : 'start_frequency'] = quantity(eis.from_Hz, 'Hz');
    found[isDown ? 'frequency_lower_limit' : 'end_frequency'] = quantity(eis.to_Hz, 'Hz');
    found['ac_perturbation_amplitude'] = quantity(tidy(1000 * eis.amplitude.value), `m${eis.amplitude.unit}`);
    if (eis.pointsPerDecade !== undefined)
      found['points_per_decade'] = quantity(eis.pointsPerDecade, 'count');
    if (eis.cycles !== undefined) found['cycles'] = quantity(eis.cycles, 'count');
  }
  return Object.keys(found).length === 0 ? {} : { setpoints: found };
}

function terminationOf(end: PlainEnd): Json {
  const { is, amount } = end;
  const direction = is;
  if (end.quantity === 'voltage') return { quantity: 'voltage', value: amount.value, unit: 'V', direction };
  if (end.quantity === 'charge')
    return { quantity: 'capacity', value: amount.value, unit: amount.unit, direction };
  const { name, unit, value } = sizeOf(amount);
  return { quantity: name, value, unit, direction };
}

function periodOf(record: PlainRecord | undefined): Json {
  if (record === undefined) return {};
  const { every_s, voltage_V, current_A } = record;
  return {
    period: {
      ...given('time_s', every_s),
      ...given('voltage_V', voltage_V),
      ...given('current_mA', current_A, 1000),
    },
  };
}

function sizeOf({ value, unit }: Amount): { name: string; unit: string; value: number } {
  const isRate = unit === 'C';
  return { name: isRate ? 'c_rate' : 'current', unit: isRate ? 'A/Ah' : 'A', value: Math.abs(value) };
}

function quantity(value: number, unit: string): Json {
  return { value, unit };
}
