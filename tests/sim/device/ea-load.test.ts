import { expect, it } from 'vitest';
import { VirtualClock } from '../../../drivers/contract/clock.ts';
import { FULL_SCALE } from '../../../sim/device/ea/quantities.ts';
import { supplyState } from '../../../sim/device/ea/state.ts';
import { handRig } from './hand-rig.ts';

it.each([
  ['ELR 10080-1000', -1],
  ['PSI 10080-1000', 1],
])('%s: what is set flows out of what is under test, or into it (%i)', (type, way) => {
  const rig = handRig(
    { 'stack.voltage_V': 40, 'stack.current_A': way * 500, 'stack.power_W': way * 20_000 },
    ['stack.voltageSet_V', 'stack.currentSet_A', 'stack.powerSet_W', 'stack.outputSet_on'],
  );
  const ratings = { voltageNominal_V: 80, currentNominal_A: 1000, powerNominal_W: 30_000, type, serial: '1' };
  const supply = supplyState({ rig, clock: new VirtualClock({ utcStart_ms: 0 }) }, rig, ratings);
  supply.takeRemote(true);
  supply.writeSet('voltage', FULL_SCALE / 2);
  supply.writeSet('current', FULL_SCALE / 2);
  supply.writeSet('power', FULL_SCALE);
  supply.switchOutput(true);
  expect(rig.actuators.map(name => rig.settingOf(name))).toEqual([40, way * 500, way * 30_000, 1]);
  expect(supply.setRaw('current')).toBe(FULL_SCALE / 2);
  // It is the current that holds it.
  expect(supply.regulation).toBe(2);
  expect(supply.actualRaw('current')).toBe(FULL_SCALE / 2);
  supply.service();
  expect([...supply.alarms]).toEqual([]);
});
