/** A cell's two cycles as the text files of cyclers: the same readings, written as each of them writes. */

/** One reading; current positive: charge. Counters count on over the whole test. */
export interface Reading {
  readonly t_s: number;
  readonly voltage_V: number;
  readonly current_A: number;
  readonly charged_Ah: number;
  readonly discharged_Ah: number;
  readonly cycle: number;
  readonly step: number;
}

const STEP_S = 10;
const CAPACITY_AH = 2;

/** Rest, then charge and discharge at 2 A between empty and full, twice. */
export function readings(): Reading[] {
  const all: Reading[] = [];
  let charge_Ah = 0;
  let [charged_Ah, discharged_Ah, t_s, step] = [0, 0, 0, 1];
  const run = (current_A: number, seconds: number, cycle: number): void => {
    for (let s = 0; s < seconds; s += STEP_S) {
      const voltage_V = Number((3 + 0.55 * charge_Ah + 0.02 * current_A).toFixed(4));
      all.push({
        t_s,
        voltage_V,
        current_A,
        charged_Ah: Number(charged_Ah.toFixed(6)),
        discharged_Ah: Number(discharged_Ah.toFixed(6)),
        cycle,
        step,
      });
      const flowed = (Math.abs(current_A) * STEP_S) / 3600;
      charge_Ah += Math.sign(current_A) * flowed;
      if (current_A > 0) charged_Ah += flowed;
      if (current_A < 0) discharged_Ah += flowed;
      t_s += STEP_S;
    }
    step++;
  };
  run(0, 600, 1);
  for (const cycle of [1, 2]) {
    run(2, (CAPACITY_AH / 2) * 3600, cycle);
    run(0, 600, cycle);
    run(-2, (CAPACITY_AH / 2) * 3600, cycle);
    run(0, 600, cycle);
  }
  return all;
}

const BEGIN_MS = Date.UTC(2026, 4, 1, 20);
const pad = (n: number): string => String(n).padStart(2, '0');
const clock = (t_s: number): string =>
  `${Math.floor(t_s / 3600)}:${pad(Math.floor(t_s / 60) % 60)}:${pad(t_s % 60)}`;
const stamp = (t_s: number): string =>
  new Date(BEGIN_MS + t_s * 1000).toISOString().slice(0, 19).replace('T', ' ');
const american = (t_s: number): string => stamp(t_s).replace(/^(\d+)-(\d+)-(\d+)/, '$2/$3/$1');
const comma = (value: number): string => String(value).replace('.', ',');
const state = (r: Reading): string => (r.current_A > 0 ? 'C' : r.current_A < 0 ? 'D' : 'R');
/** Counters of a cycler that begins anew with each step. */
const inStep = (all: readonly Reading[], r: Reading, of: 'charged_Ah' | 'discharged_Ah'): number =>
  Number((r[of] - (all.find(other => other.step === r.step) as Reading)[of]).toFixed(6));

type Dialect = (all: readonly Reading[]) => string;
const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

/** By cycler. */
export const DIALECTS: Readonly<Record<string, Dialect>> = {
  bdf: all =>
    lines(
      'Test Time / s,Voltage / V,Current / A,Unix Time / s,Cycle Count / 1,Charging Capacity / Ah,Discharging Capacity / Ah',
      ...all.map(r =>
        [
          r.t_s,
          r.voltage_V,
          r.current_A,
          BEGIN_MS / 1000 + r.t_s,
          r.cycle,
          r.charged_Ah,
          r.discharged_Ah,
        ].join(),
      ),
    ),
  'bdf by notation': all =>
    lines(
      'test_time_second,voltage_volt,current_ampere,unix_time_second',
      ...all.map(r => [r.t_s, r.voltage_V, r.current_A, BEGIN_MS / 1000 + r.t_s].join()),
    ),
  neware: all =>
    lines(
      'DataPoint,Cycle Index,Step Index,Step Type,Time(h),Total Time(h),Current(mA),Voltage(V),Chg. Cap.(mAh),DChg. Cap.(mAh),Date',
      ...all.map((r, i) =>
        [
          i + 1,
          r.cycle,
          r.step,
          r.current_A < 0 ? 'CC DChg' : r.current_A > 0 ? 'CC Chg' : 'Rest',
          0,
          r.t_s / 3600,
          r.current_A * 1000,
          r.voltage_V,
          inStep(all, r, 'charged_Ah') * 1000,
          inStep(all, r, 'discharged_Ah') * 1000,
          stamp(r.t_s),
        ].join(),
      ),
    ),
  'neware with clock times': all =>
    lines(
      'Cycle Index,Total Time,Time,Current(A),Voltage(V),Date',
      ...all.map(r => [r.cycle, clock(r.t_s), '0:00:00', r.current_A, r.voltage_V, stamp(r.t_s)].join()),
    ),
  biologic: all =>
    lines(
      'EC-Lab ASCII FILE',
      'Nb header lines : 6',
      '',
      'Battery capacity : 2 A·h, Température',
      '',
      'mode\tNs\ttime/s\tEcell/V\t<I>/mA\t(Q-Qo)/mA.h\tcycle number\t',
      ...all.map(r =>
        ['1', r.step, comma(r.t_s), comma(r.voltage_V), comma(r.current_A * 1000), '0', r.cycle, ''].join(
          '\t',
        ),
      ),
    ),
  maccor: all =>
    lines(
      "Today's Date ,05/02/2026",
      'Date of Test:,05/01/2026',
      'Rec,Cycle C,Step,Test Time [min],Current [A],Voltage [V],State',
      ...all.map((r, i) =>
        [i + 1, r.cycle, r.step, r.t_s / 60, Math.abs(r.current_A), r.voltage_V, state(r)].join(),
      ),
    ),
  arbin: all =>
    lines(
      'Data_Point,Test_Time(s),Date_Time,Step_Index,Cycle_Index,Current(A),Voltage(V),Charge Capacity (Ah),Discharge Capacity (Ah)',
      ...all.map((r, i) =>
        [
          i + 1,
          r.t_s,
          american(r.t_s),
          r.step,
          r.cycle,
          r.current_A,
          r.voltage_V,
          r.charged_Ah,
          r.discharged_Ah,
        ].join(),
      ),
    ),
};

/** Files in another encoding than UTF-8. */
export const IN_LATIN_1: readonly string[] = ['biologic'];
