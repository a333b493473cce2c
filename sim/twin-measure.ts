import type { Clock } from '../drivers/contract/clock.ts';
import type { Device, DeviceDescription } from '../drivers/contract/device.ts';
import { DeviceError } from '../drivers/contract/errors.ts';
import { QUALITY } from '../drivers/contract/frame.ts';
import {
  cannotMeasure,
  type DatasetRow,
  frequenciesOf,
  IMPEDANCE_COLUMNS,
  impedanceRow,
  pointTime_s,
} from '../drivers/contract/measure/impedance.ts';
import { isSpectrum } from '../drivers/contract/measure/request.ts';
import { impedanceMeter } from './device/impedance-meter.ts';
import type { PlantRig } from './plant/parts/model.ts';
import type { Rig } from './plant/parts/rig.ts';
import type { PlantRandom } from './plant/parts/sensors.ts';

/** A rig; one of a plant shows its impedance. */
export type MeasuredRig = Rig & Partial<Pick<PlantRig, 'impedance'>>;

/**
 * `measure` of a device of the twin: each frequency takes its time on the clock, and the plant goes on under its direct
 * current meanwhile. Undefined where the description has no impedance.
 */
export function twinMeasure(
  id: string,
  { impedance: can }: DeviceDescription,
  rig: MeasuredRig,
  clock: Clock,
  random: PlantRandom,
): Device['measure'] {
  if (can === undefined) return undefined;
  const { impedance } = rig;
  const meter =
    impedance === undefined
      ? undefined
      : impedanceMeter({ impedance: f => impedance.call(rig, f) }, can.accuracy, random);
  let isBusy = false;
  return async (request, hear, signal) => {
    if (!isSpectrum(request)) throw new DeviceError('refused', id, 'the twin sweeps no voltage');
    const { dc } = request;
    const wrong = cannotMeasure(can, { ...request, dc: typeof dc === 'object' ? 'bias' : dc });
    if (wrong !== undefined) throw new DeviceError('range', id, wrong);
    if (meter === undefined) throw new DeviceError('refused', id, 'the simulated rig shows no impedance');
    if (isBusy) throw new DeviceError('refused', id, 'a spectrum is being measured');
    isBusy = true;
    const rows: DatasetRow[] = [];
    try {
      for (const frequency_Hz of frequenciesOf(request)) {
        await clock.sleep(pointTime_s(frequency_Hz, request.cycles), signal);
        if (signal.aborted) throw new DeviceError('cancelled', id, String(signal.reason));
        const t_s = clock.now_s();
        rig.advanceTo(t_s);
        const row = impedanceRow(t_s, frequency_Hz, meter(frequency_Hz), {
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
    return { columns: IMPEDANCE_COLUMNS, rows };
  };
}
