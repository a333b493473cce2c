import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellbench, type Ended, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';
import { eventsOf, withTables } from './support/run-folder.ts';

/**
 * A method that names a load file of its own: a grid meter's export in UTF-16, with semicolons, decimal commas and the
 * clock of Berlin in the night in which it is put back; followed on the twin, printed and recorded.
 */

const scratch = scratchFolder();
afterAll(() => scratch.remove());

/** kW offered in each quarter of an hour from 01:45 on; the clock shows 02:00 to 02:45 twice. */
const OFFERED_kW = [100, 150, 200, 250, 300, 350, 400, 450, 500, 120];
const CLOCK = ['01:45', '02:00', '02:15', '02:30', '02:45', '02:00', '02:15', '02:30', '02:45', '03:00'];
const TEXT = [
  'Netzbetreiber Nord',
  '',
  'Zeit;Einspeisung gesamt [kW];Status',
  ...CLOCK.map((time, i) => `25.10.2020 ${time};${OFFERED_kW[i]},00;ok`),
  '',
].join('\r\n');
const BYTES = Buffer.from(`\uFEFF${TEXT}`, 'utf16le');

const METHOD = `method: site
version: 2
data:
  site: { file: site.csv, zone: Europe/Berlin, rated_kW: 500, from: 25.10.2020 02:00 }
phases:
- name: purge
  steps: [{ call: purge }]
- name: follow
  steps:
  - { set: { water.pump_on: on } }
  - follow:
      power_pct: site.power_pct
      min_pct: 10
      restart_pct: 12
      per_s: 10
      standby: { n2.pressure_barg: 2, n2.anodeValve_on: on }
      restart: { n2.anodeValve_on: off, n2.pressure_barg: 0 }
    for_h: 2
finally:
- { rest: {}, for_s: 1 }
`;

describe('a load file that the method names', () => {
  const dir = join(scratch.path, 'run');
  let ended: Ended;
  beforeAll(async () => {
    writeFileSync(join(scratch.path, 'site.csv'), BYTES);
    const path = scratch.write('site.yaml', METHOD);
    ended = await cellbench('rehearse', 'examples/pem-500kw/bench.yaml', path, '--out', dir);
  }, RUN_TIMEOUT_MS);

  const sha256 = createHash('sha256').update(BYTES).digest('hex');
  const LINES = [
    `load site: ${join(scratch.path, 'site.csv')} (10 rows of Einspeisung gesamt [kW], sha256 ${sha256})`,
    'load site: UTF-16LE, columns parted by semicolon, decimal mark ",", 1 line above the header left out',
    'load site: time: column "Zeit", clock stamps (Europe/Berlin); 8 rows in hours that the clock showed twice, in their order; 10 rows from 2020-10-24T23:45:00Z to 2020-10-25T02:00:00Z',
    'load site: values: column "Einspeisung gesamt [kW]" in kW, 1 is 500 kW',
    'load site: power offered: 0.3 to 1 of rated, mean 0.65',
    'load site: rows every 900 s (hold: each value held until the next)',
    'load site: second 0 is 25.10.2020 02:00',
  ];

  it('is printed with its hash and all that was done to it', () => {
    expect(ended.code, told(ended)).toBeLessThanOrEqual(1);
    for (const line of LINES) expect(ended.stdout.split('\n')).toContain(line);
  });

  it('stands in the record in the same words', () => {
    withTables(dir, db => {
      expect(eventsOf(db, 'load').map(event => event.text)).toEqual(LINES);
      const source = db.prepare("SELECT value FROM meta WHERE key = 'loadSource'").get();
      expect(source).toEqual({ value: expect.stringContaining(`sha256 ${sha256}`) });
    });
  });

  it('is followed quarter by quarter through the hour that came twice', () => {
    withTables(dir, db => {
      const asked = db
        .prepare("SELECT DISTINCT asked FROM setpoints WHERE role = 'load.available_kW' ORDER BY t_s")
        .all()
        .map(row => row['asked']);
      expect(asked).toEqual(OFFERED_kW.slice(1, 9));
    });
  });
});
