import type { Device } from '../drivers/contract/device.ts';
import { DeviceError } from '../drivers/contract/errors.ts';
import { QUALITY } from '../drivers/contract/frame.ts';
import {
  cannotMeasure,
  type DatasetRow,
  frequenciesOf,
  impedanceRow,
  pointTime_s,
  SPECTRUM_COLUMNS,
} from '../drivers/contract/measure/impedance.ts';
import { isSpectrum } from '../drivers/contract/measure/request.ts';
import { impedanceMeter } from './device/impedance-meter.ts';
import type { PlantRig } from './plant/parts/model.ts';
import type { Rig } from './plant/parts/rig.ts';
import type { PlantRandom } from './plant/parts/sensors.ts';
import { type TwinSweepParts, twinSweep } from './twin-sweep.ts';

/** A rig; one of a plant shows its impedance. */
export type MeasuredRig = Rig & Partial<Pick<PlantRig, 'impedance'>>;

/** What a device of the twin measures with. */
export interface TwinMeasureParts extends Omit<TwinSweepParts, 'rig'> {
  readonly rig: MeasuredRig;
  readonly random: PlantRandom;
}

/**
 * `measure` of a device of the twin: each frequency takes its time on the clock, and the plant goes on under its direct
 * current meanwhile; a sweep drives it. Undefined where the description has neither impedance nor sweep.
 */
export function twinMeasure(parts: TwinMeasureParts): Device['measure'] {
  const { id, description, rig, clock, random } = parts;
  const { impedance: can, sweep } = description;
  if (can === undefined && sweep === undefined) return undefined;
  const { impedance } = rig;
  const meter =
    impedance === undefined || can === undefined
      ? undefined
      : impedanceMeter({ impedance: f => impedance.call(rig, f) }, can.accuracy, random);
  let isBusy = false;
  return async (request, hear, signal) => {
    if (isBusy) throw new DeviceError('refused', id, 'a spectrum or a curve is being measured');
    if (!isSpectrum(request)) {
      isBusy = true;
      return twinSweep(parts, request, hear, signal).finally(() => {
        isBusy = false;
      });
    }
    if (can === undefined) throw new DeviceError('refused', id, 'measures no impedance, expected a curve');
    const { dc } = request;
    const wrong = cannotMeasure(can, { ...request, dc: typeof dc === 'object' ? 'bias' : dc });
    if (wrong !== undefined) throw new DeviceError('range', id, wrong);
    if (meter === undefined) throw new DeviceError('refused', id, 'the simulated rig shows no impedance');
    isBusy = true;
    const rows: DatasetRow[] = [];
    const begun_s = clock.now_s();
    try {
      for (const frequency_Hz of frequenciesOf(request)) {
        await clock.sleep(pointTime_s(frequency_Hz, request.cycles), signal);
        if (signal.aborted) throw new DeviceError('cancelled', id, String(signal.reason));
        const t_s = clock.now_s();
        rig.advanceTo(t_s);
        const row = impedanceRow(t_s, begun_s, frequency_Hz, meter(frequency_Hz), {
          good: QUALITY.simulated,
          bad: QUALITY.bad,
        });
        rows.push(row);
        hear(row);
      }
    } catch (error) {
      if (error instanceof RangeError) throw new DeviceError('refused', id, error.message, error);
      throw error;
    } finally {
      isBusy = false;
    }
    return { columns: SPECTRUM_COLUMNS, rows };
  };
}
