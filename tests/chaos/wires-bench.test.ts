import { afterAll, expect, it } from 'vitest';
import { checkMethod, loadBench } from '../../control/bench/bench-file.ts';
import { loadMethodFor } from '../../control/program/method-of-bench.ts';
import { describeDevice } from '../../control/program/open-devices.ts';
import { scratchFolder } from '../stories/support/program.ts';
import { writeBench } from './wires/bench.ts';

/** The benches of the endings over wires: a bench that is refused for itself would hide what the ending is about. */

const scratch = scratchFolder();
afterAll(() => scratch.remove());

const endpoints = {
  supply: { host: '127.0.0.1', port: 5025 },
  rack: { path: '/dev/pts/98', baud: 115_200, parity: 'none' },
  gas: { path: '/dev/pts/99', baud: 38_400 },
  plc: { endpoint: 'opc.tcp://127.0.0.1:4840' },
} as const;

it('start by themselves: bench and bench of TCP alone, with the method that runs on each', () => {
  const files = writeBench('examples/pem-500kw', scratch.path, endpoints);
  for (const [path, methods] of [
    [files.bench, [files.method, files.probe]],
    [files.tcpBench, [files.probe]],
  ] as const) {
    const loaded = loadBench(path, describeDevice);
    for (const method of methods)
      expect(() => checkMethod(loadMethodFor(method, loaded), loaded), method).not.toThrow();
  }
});
