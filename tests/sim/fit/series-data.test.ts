import { describe, expect, it } from 'vitest';
import { withOurCurrent } from '../../../sim/fit/data/current-sign.ts';
import { checkTimeStamps } from '../../../sim/fit/data/time-stamps.ts';
import { readFitData } from '../../../sim/fit/fit-data.ts';
import { type FitRequest, fitPlant } from '../../../sim/fit/fit-plant.ts';
import { NO_CHANCE } from '../../../sim/no-chance.ts';
import { findPlant } from '../../../sim/plants.ts';

/** Series whose stamps, current or start are not what they seem: asked about in a moment, or put right and said. */

const ECM = findPlant('ecm');
const CELL = { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 };

/** Two pulses at a state of charge, a row a second: time, current into the cell, voltage. */
function pulses(startSoc_frac: number): (readonly [number, number, number])[] {
  const rig = ECM.create({
    set: ECM.sets[0],
    parameters: { startSoc_frac },
    subject: CELL,
    random: NO_CHANCE,
  });
  const put = (role: string, value: number): void => rig.set(rig.actuatorIndex(role), value);
  put('cell.outputSet_on', 1);
  put('cell.modeSet_count', 1);
  return Array.from({ length: 150 }, (_, t) => {
    const current_A = t > 5 && t <= 35 ? -5 : t > 75 && t <= 105 ? 2.5 : 0;
    put('cell.currentSet_A', current_A);
    rig.advanceTo(t);
    return [t, current_A, rig.truthOf('cell.voltage_V')] as const;
  });
}

const HEADER = 'time_s,cell.current_A,cell.voltage_V';
const csv = (
  rows: readonly (readonly [number, number, number])[],
  of: (row: readonly [number, number, number]) => readonly number[] = row => row,
): string => [HEADER, ...rows.map(row => of(row).join(','))].join('\n');

function fitOf(text: string, more: Partial<FitRequest> = {}) {
  return fitPlant({
    model: ECM,
    set: ECM.sets[0],
    subject: CELL,
    at: {},
    parameters: {},
    names: ['r0_1', 'r1_1', 'tau1_1'],
    data: readFitData('p.csv', text),
    ...more,
  });
}

function expectClose(fit: ReturnType<typeof fitOf>, values: readonly number[]): void {
  fit.estimates.estimates.forEach((e, k) => {
    expect(e.value, e.name).toBeCloseTo(values[k], 4);
  });
}

describe('stamps in another unit', () => {
  it.each([
    [
      'milliseconds of a cell',
      csv(pulses(0.5), ([t, i, u]) => [1000 * t, 10 * i, u]),
      /steps of 1000 s over 41\.4 h: its current would move .* --time ms/,
    ],
    [
      'milliseconds that jitter',
      csv(pulses(0.5), ([t, , u]) => [1000 * t + (t % 3), 0, u]),
      /looks like milliseconds; expected --time ms, or --time s/,
    ],
    [
      'a tenth of a second in ms',
      csv(pulses(0.5), ([t, , u]) => [100 * t, 0, u]),
      /steps of 100 s .* looks like milliseconds/,
    ],
    [
      'milliseconds since 1970',
      csv(pulses(0.5), ([t, , u]) => [1.7e12 + 60 * t, 0, u]),
      /looks like milliseconds/,
    ],
    ['hours', csv(pulses(0.5), ([t, i, u]) => [t / 3600, i, u]), /looks like hours; expected --time h/],
  ])('%s are asked about at once', (_, text, says) => {
    const began = process.cpuUsage();
    expect(() => fitOf(text)).toThrow(says);
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1e6).toBeLessThan(1);
  });

  it.each([10, 30, 60, 300, 600, 900, 1800, 3600])('a slow record of %d s is not', step_s => {
    const data = readFitData(
      'p.csv',
      csv(pulses(0.5), ([t, , u]) => [step_s * t, 0, u]),
    );
    expect(() => checkTimeStamps(data, CELL, 'cell', false)).not.toThrow();
  });

  it('a stack in milliseconds is asked about too; whoever says seconds is believed', () => {
    const rows = Array.from({ length: 20 }, (_, k) => `${1000 * k},100,30`);
    const data = readFitData(
      's.csv',
      ['time_s,stack.currentSet_A,cathode.pressure_barg', ...rows].join('\n'),
    );
    const stack = { cells: 10, activeArea_cm2: 100, currentNominal_A: 200 };
    expect(() => checkTimeStamps(data, stack, 'stack', false)).toThrow(/looks like milliseconds/);
    expect(() => checkTimeStamps(data, stack, 'stack', true)).not.toThrow();
  });

  it('said or in the header, milliseconds give what seconds give', () => {
    const rows = pulses(0.5);
    const seconds = fitOf(csv(rows)).estimates.estimates.map(e => e.value);
    const text = csv(rows, ([t, i, u]) => [1000 * t, i, u]);
    const said = fitOf(text, {
      data: readFitData('p.csv', text, { time: 'ms' }),
      choices: { isTimeSaid: true },
    });
    const named = fitOf(text.replace('time_s', 'time_ms'));
    expectClose(said, seconds);
    expectClose(named, seconds);
  });
});

describe('sign of the current', () => {
  const rows = pulses(0.5);
  const turnedText = csv(rows, ([t, i, u]) => [t, -i, u]);

  it('discharge positive: turned and said, the figures are those of the right sign', () => {
    const right = fitOf(csv(rows));
    const turned = fitOf(turnedText);
    expect(right.notes.join()).not.toMatch(/turned/);
    expect(turned.notes.join()).toMatch(
      /sign of cell\.current_A turned: the voltage falls where it rises, so discharge is positive in the file/,
    );
    expect(turned.estimates.estimates.map(e => e.value)).toEqual(right.estimates.estimates.map(e => e.value));
  });

  it('whoever says it is believed', () => {
    const data = readFitData('p.csv', turnedText);
    expect(withOurCurrent(data, 'charge')).toBe(data);
    expect(
      withOurCurrent(readFitData('p.csv', csv(rows)), 'discharge').columns.get('cell.current_A')?.[10],
    ).toBe(5);
  });

  it('one discharge at constant current, positive in the file', () => {
    const text = csv(Array.from({ length: 50 }, (_, t) => [t, 2, 3.8 - 0.001 * t] as const));
    expect(withOurCurrent(readFitData('p.csv', text), undefined).columns.get('cell.current_A')?.[0]).toBe(-2);
    const charge = csv(Array.from({ length: 50 }, (_, t) => [t, 2, 3.8 + 0.001 * t] as const));
    expect(withOurCurrent(readFitData('p.csv', charge), undefined).columns.get('cell.current_A')?.[0]).toBe(
      2,
    );
  });

  it('noise at rest has no sign', () => {
    const text = csv(
      Array.from(
        { length: 50 },
        (_, t) => [t, 0.003 * Math.sin(7 * t), 3.8 + 0.0001 * Math.sin(11 * t)] as const,
      ),
    );
    const data = readFitData('p.csv', text);
    expect(withOurCurrent(data, undefined)).toBe(data);
  });
});

describe('a cell that begins elsewhere', () => {
  const text = csv(pulses(0.9));

  it('is asked about, with the state of charge that rests there', () => {
    expect(() => fitOf(text)).toThrow(
      /the record begins at rest with 4\.0967 V, the plant with 3\.7509 V \(startSoc_frac 0\.5\); expected --at startSoc_frac=0\.9, which rests there/,
    );
  });

  it('fits with it', () => {
    const fit = fitOf(text, { at: { startSoc_frac: 0.9 } });
    expect(fit.estimates.estimates.find(e => e.name === 'r0_1')?.value).toBeCloseTo(1, 2);
  });

  it('of another kind is told so', () => {
    expect(() => fitOf(csv(pulses(0.5), ([t, i, u]) => [t, i, u - 3]))).toThrow(
      /no state of charge of ecm \(chen2020\) rests there, expected a --set with such a cell/,
    );
  });
});

describe('progress', () => {
  it('is told within and between the runs of the model', () => {
    const heard: { readonly runs: number; readonly part: number; readonly rms: number }[] = [];
    fitOf(csv(pulses(0.5)), { goesOn: progress => heard.push(progress) });
    expect(heard.some(p => p.part > 0.2 && p.part < 0.8)).toBe(true);
    expect(heard.at(-1)?.runs).toBeGreaterThan(5);
    expect(Number.isFinite(heard.at(-1)?.rms)).toBe(true);
    for (let i = 1; i < heard.length; i++) expect(heard[i].runs).toBeGreaterThanOrEqual(heard[i - 1].runs);
  });
});
