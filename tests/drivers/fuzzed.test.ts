import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

/**
 * Every maker's driver and every emulator reads bytes of strangers: each is in `npm run fuzz:frames`, or says here why what it
 * reads is read elsewhere. One that is new and in neither fails.
 */

const ROOT = resolve(import.meta.dirname, '../..');
const ELSEWHERE: Readonly<Record<string, string>> = {
  'drivers/bronkhorst': 'speaks through protocol/propar',
  'drivers/ea': 'speaks through transport/rtu-tcp and protocol/scpi',
  'drivers/opcua': 'speaks through transport/opcua',
  'drivers/palmsens': 'speaks through protocol/method-script',
  'drivers/generic':
    'speaks through protocol/scpi and protocol/modbus-registers; impedance-json through JSON.parse and zod',
  'sim/device/bronkhorst-propar.ts': 'reads through propar-codec',
  'sim/device/cycler': 'is told by an emulator what it has read',
  'sim/device/modbus': 'reads through modbus-codec',
  'sim/device/modbus-rack.ts': 'reads through modbus-codec',
  'sim/device/modbus-rtu-server.ts': 'reads through modbus-codec',
  'sim/device/modbus-rtu-tcp-server.ts': 'reads through modbus-codec',
  'sim/device/modbus-tcp-server.ts': 'reads through modbus-codec',
  'sim/device/opcua': 'the library of the server reads',
  'sim/device/impedance-json.ts': 'reads through JSON.parse and zod',
  'sim/device/impedance-meter.ts': 'is told by an emulator what it has read',
  'sim/device/rodeostat-test.ts': 'is told by rodeostat.ts what it has read',
};
/** No instrument: what instruments and drivers are made of. */
const GROUND =
  /^(drivers\/(contract|define|probe|program|protocol|transport)|sim\/device\/(faults|forced-rig|line-end|serial-line|tcp-listener|tcp-relay|text-instrument)\.ts)$/;

it('every driver and every emulator is in the fuzz of frames, or says why not', () => {
  const folder = join(ROOT, 'tests/fuzz');
  const fuzzed = readdirSync(folder).flatMap(file => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path]) =>
      relative(ROOT, resolve(dirname(join(folder, file)), path)),
    );
  });
  const isFuzzed = (place: string): boolean =>
    fuzzed.some(path => path === place || path.startsWith(`${place}/`));
  const entries = (place: string) => readdirSync(join(ROOT, place), { withFileTypes: true });
  const places = [
    ...entries('drivers')
      .filter(entry => entry.isDirectory())
      .map(({ name }) => `drivers/${name}`),
    ...entries('sim/device').map(({ name }) => `sim/device/${name}`),
  ].filter(place => !GROUND.test(place));
  expect(places.length).toBeGreaterThan(20);
  expect(places.filter(place => !isFuzzed(place) && ELSEWHERE[place] === undefined)).toEqual([]);
  // Nor does a reason stand for what is fuzzed, or is gone.
  expect(Object.keys(ELSEWHERE).filter(place => isFuzzed(place) || !existsSync(join(ROOT, place)))).toEqual(
    [],
  );
});
