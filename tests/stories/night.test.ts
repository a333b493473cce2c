import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { cellbench, type Ended, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';
import {
  DEVICES,
  eventsOf,
  kpiOf,
  numberOf,
  type Result,
  readResult,
  tableHash,
  withTables,
} from './support/run-folder.ts';

/** The night of the example bench, rehearsed by the program itself and judged by what it leaves behind. */

const PHASES = [
  'leak-test',
  'purge',
  'warm-up',
  'stabilise',
  'polarisation-begin',
  'wind',
  'high-pressure',
  'stabilise-end',
  'polarisation-end',
  'cool-down',
  'finally',
];
const METHODS = ['polarisation', 'start-stack', 'stop-stack', 'load-following'];
const LOADED = ['polarisation-begin', 'wind', 'high-pressure', 'polarisation-end'];

const scratch = scratchFolder();
const folder = (name: string): string => join(scratch.path, name);
afterAll(() => scratch.remove());

describe('one night', () => {
  const dir = folder('night');
  let ended: Ended;
  let result: Result;
  beforeAll(async () => {
    ended = await cellbench('--no-serve', '--out', dir);
    expect(ended.code, told(ended)).toBe(0);
    result = readResult(dir);
  }, RUN_TIMEOUT_MS);

  it('says nothing on stderr and names the files it leaves', () => {
    expect(ended.stderr).toBe('');
    for (const name of ['result.json', 'report.html', 'run.sqlite']) {
      expect(existsSync(join(dir, name)), name).toBe(true);
      expect(ended.stdout).toContain(name);
    }
    expect(ended.stdout).toContain('Verdict: completed');
  });

  it('runs every phase, one after the other, each with the reason of its end', () => {
    expect(result.verdict).toBe('completed');
    expect(result.reason).toBe('');
    expect(result.phases.map(phase => phase.name)).toEqual(PHASES);
    result.phases.forEach((phase, i) => {
      // The last one only sets what is applied at once.
      if (phase.name !== 'finally') expect(phase.end_s, phase.name).toBeGreaterThan(phase.start_s);
      if (i > 0) expect(phase.start_s, phase.name).toBe(result.phases[i - 1].end_s);
    });
    const wind = result.phases[PHASES.indexOf('wind')];
    // The way from the load before it to the first power of the wind comes on top.
    expect(wind.end_s - wind.start_s).toBeGreaterThanOrEqual(8 * 3600);
    expect(wind.end_s - wind.start_s).toBeLessThan(8 * 3600 + 30);
    // The stabilising phases end because it is stable, not because their time is over.
    const steps = withTables(dir, db => eventsOf(db, 'step'));
    for (const name of ['stabilise', 'stabilise-end']) {
      const { end_s } = result.phases[PHASES.indexOf(name)];
      const last = steps.findLast(({ t_s }) => Math.abs(t_s - end_s) < 1e-6);
      expect(last?.text, name).toMatch(/^stable \(cc\): .*span\(stack\.voltage_V, window_min\) < drift_mV/);
    }
    expect(Math.abs(result.simulated_s - result.phases[PHASES.length - 1].end_s)).toBeLessThan(10);
  });

  it('gives each figure its number, unit, definition and basis', () => {
    for (const kpi of result.kpis) {
      const name = `${kpi.id} ${kpi.phase ?? ''}`;
      // A night of wind has no holds of one current: no rate per hour, and the reason.
      if (kpi.id.startsWith('degradation-rate')) expect(kpi.value, name).toBeNull();
      else expect(kpi.value, name).not.toBeNull();
      if (kpi.value === null) expect(kpi.definition, name).toMatch(/No value: .* holds at .* span/);
      // A phase, or a part of it: a method that it calls, numbered where it comes again.
      if (kpi.phase !== undefined)
        expect([...PHASES, ...METHODS], name).toContain(kpi.phase.replace(/ \(\d\)$/, ''));
    }
    const names = result.kpis.map(kpi => `${kpi.id}/${kpi.phase ?? ''}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('figures lie where such a stack lies', () => {
    for (const phase of [undefined, ...LOADED]) {
      const name = phase ?? 'whole run';
      expect(numberOf(result, 'specific-energy', phase), name).toBeGreaterThan(45);
      expect(numberOf(result, 'specific-energy', phase), name).toBeLessThan(55);
      const [hhv, lhv] = [
        numberOf(result, 'voltage-efficiency-hhv', phase),
        numberOf(result, 'voltage-efficiency-lhv', phase),
      ];
      // 1.4812 V over 1.65 .. 2.0 V a cell; the two differ by the heat of condensation only.
      expect(hhv, name).toBeGreaterThan(74);
      expect(hhv, name).toBeLessThan(90);
      expect(lhv / hhv, name).toBeCloseTo(1.2531 / 1.4812, 3);
      const [measured, faraday] = [
        numberOf(result, 'h2-measured', phase),
        numberOf(result, 'h2-faraday', phase),
      ];
      expect(measured / faraday, name).toBeGreaterThan(0.98);
      expect(measured / faraday, name).toBeLessThan(1.005);
      expect(numberOf(result, 'specific-energy', phase)).toBeCloseTo(
        numberOf(result, 'energy', phase) / measured,
        6,
      );
    }
    // Of the stack and its supply, not of the recorder's second.
    expect(numberOf(result, 'tracking-error', 'load-following')).toBeLessThan(0.5);
    expect(numberOf(result, 'energy-curtailed', 'load-following')).toBeLessThan(3);
    expect(numberOf(result, 'energy-curtailed', 'load-following')).toBeGreaterThan(0);
    expect(numberOf(result, 'energy-curtailed', 'load-following')).toBeLessThan(
      0.2 * numberOf(result, 'energy-offered', 'load-following'),
    );
    expect(numberOf(result, 'starts')).toBeGreaterThanOrEqual(
      1 + numberOf(result, 'starts', 'load-following'),
    );
    // 135 cells x 1000 cm2 of a Nafion 115 class membrane.
    for (const id of ['asr-begin', 'asr-end']) {
      expect(numberOf(result, id)).toBeGreaterThan(100);
      expect(numberOf(result, id)).toBeLessThan(250);
    }
    expect(numberOf(result, 'pressure-reached', 'high-pressure')).toBeGreaterThan(29.5);
    expect(numberOf(result, 'pressure-rate-max', 'high-pressure')).toBeLessThanOrEqual(1);
  });

  it('the leak rate is positive and the leak of the stack lies within its uncertainty', () => {
    const leak = kpiOf(result, 'leak-rate', 'leak-test');
    expect(leak.unit).toBe('NL/min');
    expect(leak.value).toBeGreaterThan(0);
    expect(leak.u95).toBeGreaterThan(0);
    // The example stack leaks 0.02 NL/min at the test pressure.
    expect(Math.abs((leak.value ?? 0) - 0.02)).toBeLessThan(leak.u95 ?? 0);
  });

  it('the largest H2 in O2 says when and why', () => {
    const h2 = kpiOf(result, 'h2-in-o2-max');
    expect(h2.unit).toBe('vol_pct');
    expect(h2.value).toBeGreaterThan(0.5);
    expect(h2.value).toBeLessThan(2);
    const when = /At (\d+) s, phase ([a-z-]+), ([\d.]+) A, cathode ([\d.]+) barg: (.+)/.exec(h2.definition);
    expect(when, h2.definition).not.toBeNull();
    const [, t_s, phase, , pressure_barg, why] = when ?? [];
    expect(phase).toBe('high-pressure');
    expect(Number(pressure_barg)).toBeGreaterThan(29);
    expect(why).toMatch(/permeates .* pressure/);
    // Ten seconds about that time; to the second it says, and so a reading may lie on either side.
    const shown = withTables(dir, db =>
      db
        .prepare('SELECT avg(h2InO2_vol_pct) AS v FROM frames_plc WHERE t_s BETWEEN ? AND ?')
        .get(Number(t_s) - 5.01, Number(t_s) + 5.01),
    );
    expect((shown as { v: number } | undefined)?.v).toBeCloseTo(h2.value ?? Number.NaN, 2);
  });

  it('what a product stack ages in a night, 4 uV/h and at most 0.6 mV that a stop gives back, is what is measured', () => {
    const difference = kpiOf(result, 'voltage-difference');
    const drift = kpiOf(result, 'voltage-drift');
    expect(difference.unit).toBe('mV');
    expect(drift.unit).toBe('uV/h');
    expect(difference.u95).toBeGreaterThan(0);
    const hours = Number(/over the ([\d.]+) h between/.exec(drift.definition)?.[1]);
    expect(hours).toBeGreaterThan(10);
    expect(difference.u95).toBeLessThan(5);
    const [value, u95] = [difference.value ?? Number.NaN, difference.u95 ?? Number.NaN];
    expect(value).toBeGreaterThan(0.004 * hours - u95);
    expect(value).toBeLessThan(0.004 * hours + 0.6 + u95);
    expect(drift.value ?? 0).toBeCloseTo(((difference.value ?? 0) * 1000) / hours, 0);
  });

  it('the report is one file with its pictures in it', () => {
    const html = readFileSync(join(dir, 'report.html'), 'utf8');
    expect(html).not.toMatch(/https?:\/\//);
    expect(html).not.toMatch(/(src|href)=["'](?!#|data:)/);
    const captions = [...html.matchAll(/<figcaption[^>]*>([^<]*)/g)].map(m => m[1]);
    for (const picture of [
      /Polarisation/,
      /Power asked/,
      /pressure and hydrogen in oxygen/,
      /Cell-voltage spread/,
    ]) {
      expect(
        captions.filter(text => picture.test(text)),
        String(picture),
      ).toHaveLength(1);
    }
    const svgs = html.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
    expect(svgs.length).toBeGreaterThanOrEqual(captions.length);
    for (const phase of PHASES) expect(html).toContain(phase);
    expect(html).not.toMatch(/\bNaN\b|\bundefined\b|\[object/);
  });

  it('one row a second from every device, none bad, none missing', () => {
    let rows = 0;
    withTables(dir, db => {
      for (const device of DEVICES) {
        const table = `frames_${device}`;
        const found = db
          .prepare(`SELECT count(*) AS n, min(t_s) AS first, max(t_s) AS last FROM "${table}"`)
          .get() as {
          n: number;
          first: number;
          last: number;
        };
        rows += found.n;
        expect(found.first, device).toBe(1);
        expect(found.last, device).toBeGreaterThanOrEqual(Math.floor(result.simulated_s));
        expect(found.n, device).toBe(found.last);
        const steps = db
          .prepare(`SELECT DISTINCT t_s - lag(t_s) OVER (ORDER BY rowid) AS step_s FROM "${table}"`)
          .all() as { step_s: number | null }[];
        expect(
          steps.map(s => s.step_s).filter(s => s !== null),
          device,
        ).toEqual([1]);
        const qualities = db.prepare(`SELECT DISTINCT quality, reason FROM "${table}"`).all() as {
          quality: Uint8Array;
          reason: string | null;
        }[];
        for (const { quality, reason } of qualities) {
          expect(reason, device).toBeNull();
          expect(Math.max(...quality), device).toBeLessThanOrEqual(QUALITY.uncertain);
        }
      }
    });
    expect(rows).toBe(result.rows);
  });

  it('no alarm but the warnings of the crossover, and an end in the proved safe state', () => {
    withTables(dir, db => {
      for (const { text } of eventsOf(db, 'alarm')) expect(text).toMatch(/^h2-in-o2-warn: /);
      expect(eventsOf(db, 'state').at(-1)?.text).toBe('Completing -> Complete (completed)');
      expect(eventsOf(db, 'safe').filter(e => e.text.startsWith('safe state proved after'))).toHaveLength(1);
      const last = db
        .prepare('SELECT current_A, output_on FROM frames_supply ORDER BY rowid DESC LIMIT 1')
        .get();
      expect((last as { output_on: number }).output_on).toBe(0);
      expect((last as { current_A: number }).current_A).toBeLessThan(5);
    });
  });

  describe('again', () => {
    const hashes = (of: string): string[] =>
      withTables(of, db => DEVICES.map(device => tableHash(db, `frames_${device}`)));

    it('with the same seed: the same figures and the same frames, to the last bit', {
      timeout: RUN_TIMEOUT_MS,
    }, async () => {
      const again = await cellbench('--no-serve', '--seed', '1', '--out', folder('again'));
      expect(again.code, told(again)).toBe(0);
      const read = (of: string): object => {
        const { startedUtc, endedUtc, ...rest } = JSON.parse(readFileSync(join(of, 'result.json'), 'utf8'));
        expect(Date.parse(endedUtc)).toBeGreaterThan(Date.parse(startedUtc));
        return rest;
      };
      expect(read(folder('again'))).toEqual(read(dir));
      expect(hashes(folder('again'))).toEqual(hashes(dir));
      const setpoints = (of: string): string => withTables(of, db => tableHash(db, 'setpoints'));
      expect(setpoints(folder('again'))).toBe(setpoints(dir));
    });
  });
});
