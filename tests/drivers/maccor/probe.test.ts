import { afterEach, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { probe } from '../../../drivers/probe/probe.ts';
import { type MaccorBench, maccorBench } from './bench.ts';

let bench: MaccorBench;
afterEach(() => bench.end());

it('a tester says who it is, and is asked nothing else that it understands', async () => {
  bench = await maccorBench();
  const address = { host: '127.0.0.1', port: bench.mac.port };
  const { found, notAsked } = await probe(address, realClock(), { within_s: 0.3, units: [1] });
  expect(found).toMatchObject([
    {
      speaks: 'MacNet',
      says: 'tester TESTER-7 with 12 channels',
      fits: [{ driver: 'maccor/macnet', options: { ...address, systemId: 'TESTER-7' } }],
    },
  ]);
  expect(bench.mac.heard).toEqual(['1,2']);
  expect(notAsked.map(({ what }) => what)).not.toContain('driver maccor/macnet');
});
