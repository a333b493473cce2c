import type { Clock } from '../drivers/contract/clock.ts';
import type { DeviceDescription } from '../drivers/contract/device.ts';
import { DeviceError } from '../drivers/contract/errors.ts';
import { QUALITY } from '../drivers/contract/frame.ts';
import type { Dataset, DatasetRow } from '../drivers/contract/measure/impedance.ts';
import {
  beyondSweep,
  cannotSweep,
  potentialsOf,
  type SweepRequest,
  sweepColumns,
} from '../drivers/contract/measure/sweep.ts';
import type { Rig } from './plant/parts/rig.ts';

/** What a sweep of the twin stands on. */
export interface TwinSweepParts {
  readonly id: string;
  readonly description: DeviceDescription;
  readonly roleOfChannel: ReadonlyMap<string, string>;
  readonly rig: Rig;
  readonly clock: Clock;
}

/**
 * A sweep by a device of the twin: the plant is driven through the staircase on the clock and answers by its own dynamics;
 * each point is what its sensors show at the end of a step. Then the set point holds again; given up, the output goes off.
 */
export async function twinSweep(
  { id, description, roleOfChannel, rig, clock }: TwinSweepParts,
  request: SweepRequest,
  hear: (row: DatasetRow) => void,
  signal: AbortSignal,
): Promise<Dataset> {
  const can = description.sweep;
  if (can === undefined) throw new DeviceError('refused', id, 'sweeps no voltage, expected a spectrum');
  const wrong = cannotSweep(can, request);
  if (wrong !== undefined) throw new DeviceError('range', id, wrong);
  const actuator = (key: string): number => rig.actuatorIndex(roleOfChannel.get(key) ?? '');
  const sensor = (channel: string): number => rig.sensorIndex(roleOfChannel.get(channel) ?? '');
  const at = {
    set: actuator('voltageSet_V'),
    output: actuator('outputSet_on'),
    voltage: sensor('voltage_V'),
    current: sensor('current_A'),
  };
  if (Object.values(at).some(index => index < 0))
    throw new DeviceError('config', id, 'the simulated rig has no potential that it could sweep');
  if (rig.setting(at.output) < 0.5)
    throw new DeviceError('refused', id, 'the output is off, expected it held at the first potential');
  const before_V = rig.setting(at.set);
  const step_s = request.step_V / request.rate_V_per_s;
  const rows: DatasetRow[] = [];
  const columns = sweepColumns(can);
  const begun_s = clock.now_s();
  try {
    for (const { scan, set_V } of potentialsOf(request)) {
      rig.advanceTo(clock.now_s());
      rig.set(at.set, set_V);
      await clock.sleep(step_s, signal);
      if (signal.aborted) throw new DeviceError('cancelled', id, String(signal.reason));
      const t_s = clock.now_s();
      rig.advanceTo(t_s);
      const said = [scan, set_V, rig.sensor(at.voltage), rig.sensor(at.current), t_s - begun_s];
      const values = Float64Array.from(columns, (_, i) => said[i]);
      const quality = Uint8Array.from(values, v => (Number.isFinite(v) ? QUALITY.simulated : QUALITY.bad));
      const row = { t_s, values, quality };
      rows.push(row);
      hear(row);
      const beyond = beyondSweep(request, values);
      if (beyond !== undefined) throw new DeviceError('refused', id, beyond);
    }
  } catch (error) {
    rig.advanceTo(clock.now_s());
    rig.set(at.output, 0);
    throw error;
  }
  rig.set(at.set, before_V);
  return { columns, rows };
}
