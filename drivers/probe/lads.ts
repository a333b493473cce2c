import { DeviceError, messageOf } from '../contract/errors.ts';
import type { Unit } from '../contract/units.ts';
import { unitShown } from '../opcua/own-units.ts';
import type { LadsDevice, LadsFunction } from '../transport/opcua/lads/devices.ts';
import { opcuaLink, prepareOpcua } from '../transport/opcua/link.ts';
import type { ProbeFound } from './probe.ts';

/** What an OPC UA server shows of laboratory devices (OPC 30500-1), as a bench file would name it. */

type Fit = ProbeFound['fits'][number];

/** Namespace of the standard itself: every server has it. */
const UA_URI = 'http://opcfoundation.org/UA/';

/**
 * Browses over an open channel, as nobody; sets nothing. What a person must add is left out: the accuracy of each reading, what
 * the safe state sets. `says`: what was found, or why not.
 */
export async function ladsAt(
  endpoint: string,
): Promise<{ readonly says: string; readonly fits: readonly Fit[] }> {
  await prepareOpcua();
  const access = { security: 'none', folder: '' } as const;
  const link = opcuaLink({ endpoint, access, namespaceUri: UA_URI, writable: [], nextHeartbeat: () => 0 });
  try {
    await link.open();
    const { lads = [] } = await link.send({ kind: 'lads' });
    if (lads.length === 0) return { says: 'knows LADS, has no device of it', fits: [] };
    return {
      says: lads.map(device => saysOf(device)).join('; '),
      fits: lads.map(device => ({ driver: 'opcua/lads', options: optionsOf(endpoint, device) })),
    };
  } catch (error) {
    const isPlain = error instanceof DeviceError && error.code === 'identity';
    return { says: isPlain ? 'no LADS device' : `not browsed: ${messageOf(error)}`, fits: [] };
  } finally {
    await link.close();
  }
}

function saysOf({ name, identification, functions }: LadsDevice): string {
  const left = functions.filter(one => unitOf(one) === undefined).map(({ path }) => path);
  const who = Object.entries(identification).map(([key, value]) => `${key} ${value}`);
  const but = left.length === 0 ? '' : `, not usable here: ${left.join(', ')}`;
  return `LADS device "${name}" (${who.join(', ')}), ${functions.length} functions${but}`;
}

/** The unit of its readings in our words; undefined where the function is of no kind that is read here, or its unit is not known. */
function unitOf({ kind, unit }: LadsFunction): Unit | undefined {
  if (kind === 'twoStateSensor' || kind === 'twoStateControl') return 'on';
  return kind === 'other' || unit === undefined ? undefined : unitShown(unit);
}

function optionsOf(endpoint: string, { name, identification, functions }: LadsDevice) {
  const { Manufacturer, Model, SerialNumber } = identification;
  const taken = new Set<string>();
  /** `Loop/Inlet temperature` -> `inletTemperature`; with the unit in front where that is taken. */
  const nameOf = (path: string): string => {
    const last = camelCase(path.slice(path.lastIndexOf('/') + 1));
    const own = taken.has(last) ? camelCase(path) : last;
    taken.add(own);
    return own;
  };
  const usable = functions.flatMap(one => {
    const unit = unitOf(one);
    return unit === undefined ? [] : [{ ...one, measure: unit, base: nameOf(one.path) }];
  });
  const rangeOf = ({ measure, range }: (typeof usable)[number]) =>
    measure === 'on' ? { range: [0, 1] } : range === undefined ? {} : { range };
  return {
    endpoint,
    device: {
      name,
      ...(Manufacturer === undefined ? {} : { manufacturer: Manufacturer }),
      model: Model ?? '',
      serialNumber: SerialNumber ?? '',
    },
    sensors: usable
      .filter(({ nodes }) => nodes['SensorValue'] !== undefined)
      .map(one => ({ function: one.path, name: `${one.base}_${one.measure}`, ...rangeOf(one) })),
    controllers: usable
      .filter(({ nodes }) => nodes['TargetValue'] !== undefined)
      .map(one => ({
        function: one.path,
        reads: { name: `${one.base}_${one.measure}`, ...rangeOf(one) },
        sets: { name: `${one.base}Set_${one.measure}`, ...rangeOf(one), tolerance: 0 },
        ...(one.nodes['Start'] === undefined || one.nodes['Stop'] === undefined
          ? {}
          : { runs: { name: `${one.base}Run_on` } }),
      })),
  };
}

function camelCase(text: string): string {
  const words = text.match(/[A-Za-z0-9]+/g) ?? ['value'];
  return words
    .map((word, i) =>
      i === 0 ? word[0].toLowerCase() + word.slice(1) : word[0].toUpperCase() + word.slice(1),
    )
    .join('');
}
