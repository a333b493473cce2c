import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cellbench,
  copyExample,
  type Ended,
  RUN_TIMEOUT_MS,
  scratchFolder,
  told,
} from './support/program.ts';
import {
  eventsOf,
  numberOf,
  openJournal,
  type Result,
  readResult,
  withTables,
} from './support/run-folder.ts';

/** What a trip in the middle of the night does: the example bench with its H2-in-O2 trip lowered to 1.2 %. */

const scratch = scratchFolder();
afterAll(() => scratch.remove());

describe('a trip at pressure', () => {
  const dir = join(scratch.path, 'run');
  const bench = join(scratch.path, 'bench');
  let ended: Ended;
  let result: Result;
  let trip_s: number;
  beforeAll(async () => {
    copyExample(bench, {
      file: 'bench.yaml',
      from: "- { id: h2-in-o2-trip, kind: threshold, role: o2.h2_vol_pct, trips: '>', limit: 2.0,",
      to: "- { id: h2-in-o2-trip, kind: threshold, role: o2.h2_vol_pct, trips: '>', limit: 1.2,",
    });
    const files = ['--bench', join(bench, 'bench.yaml'), '--method', join(bench, 'night.yaml')];
    ended = await cellbench(...files, '--no-serve', '--out', dir);
    expect(ended.code, told(ended)).toBe(4);
    result = readResult(dir);
    trip_s = withTables(
      dir,
      db => eventsOf(db, 'alarm').find(e => e.text.startsWith('h2-in-o2-trip'))?.t_s ?? Number.NaN,
    );
  }, RUN_TIMEOUT_MS);

  it('ends the night with exit code 4 and a reason with figures', () => {
    expect(result.verdict).toBe('aborted by a trip');
    const figures = /h2-in-o2-trip: o2\.h2_vol_pct = ([\d.]+) vol% > 1\.2/.exec(result.reason);
    expect(figures, result.reason).not.toBeNull();
    expect(Number(figures?.[1])).toBeGreaterThan(1.2);
    expect(Number(figures?.[1])).toBeLessThan(1.4);
    const last = result.phases.at(-1);
    expect(last?.name).toBe('high-pressure');
    expect(last?.ended_by).toContain('h2-in-o2-trip');
    expect(last?.end_s).toBe(trip_s);
    expect(ended.stdout).toContain('h2-in-o2-trip');
  });

  it('says why it stopped: rule, reading and its age, the way into the safe state, the readings around it', () => {
    const why = result.whyStopped;
    expect(why?.limit).toMatchObject({ id: 'h2-in-o2-trip', of: 'o2.h2_vol_pct', limit: 1.2, delay_s: 2 });
    const [reading] = why?.readings ?? [];
    expect(reading).toMatchObject({ role: 'o2.h2_vol_pct', age_s: 0 });
    expect(reading.value).toBeGreaterThan(1.2);
    expect(why?.t_s).toBe(trip_s);
    const lines = why?.chain.filter(({ kind }) => kind === 'safe') ?? [];
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.every(({ ok, after_s }) => ok === true && after_s >= 0)).toBe(true);
    const report = readFileSync(join(dir, 'report.html'), 'utf8');
    expect(report).toContain('<h2>Why it stopped</h2>');
    expect(report).toContain('Around the end: every reading');
  });

  it('trips when the value has stood above the limit for the delay, not before', () => {
    const above = withTables(dir, db =>
      db
        .prepare('SELECT t_s FROM frames_plc WHERE t_s > ? AND h2InO2_vol_pct > 1.2 ORDER BY rowid')
        .all(trip_s - 3),
    ) as { t_s: number }[];
    // delay_s: 2
    expect(above.slice(0, 3).map(row => row.t_s)).toEqual([trip_s - 2, trip_s - 1, trip_s]);
  });

  it('switches the output off first, then goes through the safe state in its order', () => {
    withTables(dir, db => {
      const after = db
        .prepare(
          'SELECT role, applied, source, outcome FROM setpoints WHERE t_s >= ? AND source = ? ORDER BY rowid',
        )
        .all(trip_s, 'safe state') as { role: string; applied: number; source: string; outcome: string }[];
      expect(after[0]).toEqual({
        role: 'stack.outputSet_on',
        applied: 0,
        source: 'safe state',
        outcome: 'applied',
      });
      const order = after.map(s => s.role).filter((role, i, all) => all.indexOf(role) === i);
      expect(
        order.filter(role => !/^stack\.(outputSet_on|currentSet_A|voltageSet_V|powerSet_W)$/.test(role)),
      ).toEqual([
        'anode.ventValveSet_on',
        'n2.pressureSet_barg',
        'n2.anodeValveSet_on',
        'n2.cathodeValveSet_on',
        'cathode.purgeValveSet_on',
        'water.pumpSet_on',
        'room.ventilationSet_on',
        'stack.temperatureSet_degC',
        // Shut once a reading says that no current makes gas any more; it holds up nothing else.
        'h2.outletValveSet_on',
        'cathode.pressureSet_barg',
      ]);
    });
  });

  it('the journal names the supply first in the safe state, and nothing but the safe state sets anything any more', () => {
    withTables(dir, db => {
      const safe = eventsOf(db, 'safe').filter(e => e.t_s >= trip_s);
      expect(safe[0].text).toMatch(/^supply safe /);
      expect(safe[0].t_s).toBe(trip_s);
      const others = db
        .prepare(
          "SELECT count(*) AS n FROM setpoints WHERE t_s > ? AND source <> 'safe state' AND outcome = 'applied'",
        )
        .get(trip_s) as { n: number };
      expect(others.n).toBe(0);
      const next = db.prepare('SELECT output_on, current_A FROM frames_supply WHERE t_s = ?').get(trip_s + 1);
      expect((next as { output_on: number }).output_on).toBe(0);
      expect((next as { current_A: number }).current_A).toBeLessThan(5);
    });
  });

  it('prints the largest H2 in O2 (mean of 10 s) of the whole record, the minutes after the trip included', () => {
    const rows = withTables(dir, db =>
      db.prepare('SELECT t_s, h2InO2_vol_pct AS value FROM frames_plc ORDER BY t_s').all(),
    ) as { t_s: number; value: number }[];
    const meanFrom = (first: number): number => {
      let [sum, count] = [0, 0];
      for (let i = first; i < rows.length && rows[i].t_s <= rows[first].t_s + 10; i++) {
        sum += rows[i].value;
        count++;
      }
      return sum / count;
    };
    const means = rows.map((_, first) => meanFrom(first));
    const most = Math.max(...rows.map(row => row.value));
    const printed = numberOf(result, 'h2-in-o2-max');
    expect(printed).toBeLessThanOrEqual(most);
    expect(Math.abs(printed - Math.max(...means.slice(0, -10)))).toBeLessThan(0.01 * most);
  });

  it('proves the safe state, vents at 3 bar/min and records to the end of it', () => {
    const record = openJournal(dir, join(bench, 'bench.yaml'));
    try {
      const safe = record.events.filter(e => e.kind === 'safe' && e.t_s >= trip_s);
      expect(safe.find(e => e.text.startsWith('safe state proved'))).toBeDefined();
      expect(safe.filter(e => /FAILED|NOT PROVED/.test(e.text))).toEqual([]);
      const vented = safe.find(e => e.text.startsWith('vented to'));
      expect(vented).toBeDefined();
      const { t_s, value } = record.series('cathode.pressure_barg');
      const from = t_s.findIndex(t => t >= trip_s);
      expect(value[from]).toBeGreaterThan(29);
      expect(value.at(-1)).toBeLessThan(0.5);
      expect(t_s.at(-1)).toBeGreaterThanOrEqual(Math.floor(vented?.t_s ?? Infinity));
      // Over 30 s, as the bench's own rate interlock looks at it: the back-pressure valve takes some seconds to close
      // behind the load that is gone, and lets 0.4 bar go before the vent begins.
      expect(fastestFall_bar_per_min(value.subarray(from), 30)).toBeLessThanOrEqual(3.3);
      const vent = safe.find(e => e.text.startsWith('controlled vent'));
      const settled = t_s.findIndex(t => t >= (vent?.t_s ?? Infinity) + 10);
      expect(fastestFall_bar_per_min(value.subarray(settled), 10)).toBeLessThanOrEqual(3.3);
      expect(fastestFall_bar_per_min(value.subarray(settled), 10)).toBeGreaterThan(2.7);
      expect(record.rows).toBe(result.rows);
    } finally {
      record.close();
    }
  });
});

/** Largest fall of a pressure at 1 s over a window, bar/min. */
function fastestFall_bar_per_min(pressure_barg: Float64Array, over_s: number): number {
  let fastest = 0;
  for (let i = 0; i + over_s < pressure_barg.length; i++) {
    fastest = Math.max(fastest, ((pressure_barg[i] - pressure_barg[i + over_s]) * 60) / over_s);
  }
  return fastest;
}
