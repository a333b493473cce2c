import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBench } from '../../../control/bench/bench-file.ts';
import { describeDevice, plantOf } from '../../../control/program/open-devices.ts';
import type { ProgramRow } from '../../../drivers/contract/program/program.ts';
import { openRig } from '../../../sim/open-rig.ts';
import { once } from '../../profiles/language/exchange/convert-once.ts';
import { runWithTruth } from '../../support/truth-run.ts';
import { type NewareBench, newareBench } from './bench.ts';

/** A CCCV cycle that the cycler runs by itself, against the rehearsal of the same method on the same cell. */

const BENCH = new URL('../../../examples/cell-cycling/bench.yaml', import.meta.url).pathname;
const METHOD = `method: cycle
version: 2
record: { every_s: 10 }
steps:
- { cccv: { current_C: 1, voltage_V: 4.2 }, until: cell.current_C < 1/10, within_h: 4 }
- { rest: {}, for_min: 10 }
- { cc: { current_C: -1 }, until: cell.voltage_V <= 2.5, within_h: 4 }
- { rest: {}, for_min: 10 }
`;

interface Figures {
  readonly charged_Ah: number;
  readonly discharged_Ah: number;
  readonly chargeEnergy_Wh: number;
  readonly dischargeEnergy_Wh: number;
  readonly end_V: number;
}

async function rehearsed(): Promise<Figures> {
  const run = await runWithTruth(BENCH, METHOD, {
    also: ['cell.terminalCurrent_A', 'cell.terminalVoltage_V'],
  });
  expect(run.state, run.reason).toBe('Complete');
  const current = run.truth('cell.terminalCurrent_A');
  const voltage = run.truth('cell.terminalVoltage_V');
  const sums = { charged: 0, discharged: 0, into: 0, out: 0 };
  for (let i = 1; i < current.t_s.length; i++) {
    const hours = (current.t_s[i] - current.t_s[i - 1]) / 3600;
    const [amps, volts] = [current.value[i], voltage.value[i]];
    sums[amps > 0 ? 'charged' : 'discharged'] += Math.abs(amps) * hours;
    sums[amps > 0 ? 'into' : 'out'] += Math.abs(amps) * volts * hours;
  }
  return {
    charged_Ah: sums.charged,
    discharged_Ah: sums.discharged,
    chargeEnergy_Wh: sums.into,
    dischargeEnergy_Wh: sums.out,
    end_V: voltage.value.at(-1) ?? Number.NaN,
  };
}

let bench: NewareBench;
beforeEach(async () => {
  bench = await newareBench(openRig(plantOf(loadBench(BENCH, describeDevice)), 1));
  await bench.device.connect();
});
afterEach(() => bench.end());

async function cycled(): Promise<Figures> {
  const { text } = once('cycle.yaml', METHOD, { to: 'neware', accepts: true, subject: { capacity_Ah: 5 } });
  await bench.program.load({ name: 'cycle', text });
  let ticket = await bench.program.start('cycle-1');
  const rows: ProgramRow[] = [];
  for (let looks = 0; looks < 60 && (await bench.program.watch()).state === 'running'; looks++) {
    bench.hand.pass(900);
    ticket = await bench.program.download(ticket, row => rows.push(row));
  }
  expect(await bench.program.watch()).toMatchObject({ state: 'finished', records: rows.length });
  const lastOf = (step: number): ProgramRow => rows.filter(row => row.step === step).at(-1) as ProgramRow;
  const [cc, cv, dc] = [1, 2, 4].map(lastOf);
  expect(lastOf(1).voltage_V).toBeGreaterThan(4.19);
  return {
    charged_Ah: cc.stepCharge_Ah + cv.stepCharge_Ah,
    discharged_Ah: dc.stepCharge_Ah,
    chargeEnergy_Wh: cc.stepEnergy_Wh + cv.stepEnergy_Wh,
    dischargeEnergy_Wh: dc.stepEnergy_Wh,
    end_V: lastOf(5).voltage_V,
  };
}

describe('a CCCV cycle through the Neware driver', () => {
  it('agrees with its rehearsal: charge and energy within 0.2 %, voltage at the end within 5 mV', async () => {
    const [there, here] = [await cycled(), await rehearsed()];
    if (process.env['SHOW'] !== undefined) console.log({ there, here });
    for (const name of ['charged_Ah', 'discharged_Ah', 'chargeEnergy_Wh', 'dischargeEnergy_Wh'] as const)
      expect(Math.abs(there[name] / here[name] - 1), name).toBeLessThan(2e-3);
    expect(Math.abs(there.end_V - here.end_V)).toBeLessThan(5e-3);
  });
});
