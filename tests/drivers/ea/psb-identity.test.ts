import { describe, expect, it } from 'vitest';
import type { EaOptions } from '../../../drivers/ea/options.ts';
import { eaPsb10000 } from '../../../drivers/ea/psb-10000.ts';
import { SERIES, type SeriesId } from '../../../drivers/ea/series.ts';
import { putText } from '../modbus-peer.ts';
import { psbBench } from './psb-bench.ts';
import { psbPeer } from './psb-peer.ts';

const psb = psbBench();

describe('which supply it is', () => {
  const refused = async (options: Partial<EaOptions>, change: () => void, text: string): Promise<void> => {
    psb.peer = await psbPeer();
    change();
    await expect(psb.open(options).connect()).rejects.toMatchObject({
      code: 'identity',
      message: expect.stringContaining(text),
    });
    expect(psb.device.state).toBe('closed');
    expect(psb.writes()).toEqual([]);
  };
  const type = (text: string) => () => putText(psb.peer.holding, 1, text, 20);

  it.each([
    ['other ratings', { currentNominal_A: 2000 }, () => {}, 'reports 2400, the bench file says 2000'],
    ['a PSB 9000', {}, type('PSB 9360-30'), 'expected a PSB 10000'],
    ['a PSBE 10000', {}, type('PSBE 10360-240'), 'expected a PSB 10000'],
    ['a name that only holds it', {}, type('EA PSB 10360-2400'), 'expected a PSB 10000'],
    ['another class', {}, () => psb.peer.holding.set(0, 84), 'device class 84'],
    ['another model', { model: 'PSB 10360-2400 4U' }, () => {}, 'the bench file says "PSB 10360-2400 4U"'],
    ['another serial number', { serial: '1' }, () => {}, 'serial number "1234560001"'],
    ['the master of several', {}, () => psb.peer.holding.set(506, 1 << 6), 'master'],
  ] as const)('%s is refused, and nothing is written to it', (_, options, change, text) =>
    refused(options, change, text),
  );

  it.each([
    ['psb-10000', 'PSB 10360-2400', 66],
    ['psbe-10000', 'PSBE 10360-240', 84],
    ['psi-10000', 'PSI 10360-240', 82],
    ['ps-10000', 'PS 10360-240', 85],
    ['elr-10000', 'ELR 10360-240', 81],
    ['psi-9000', 'PSI 9360-30', 1],
    ['ps-9000', 'PS 9360-30', 1],
    ['elr-9000', 'ELR 9360-30', 1],
  ] as const)(
    '%s: by its type and class, sign and sink limits by the way it flows',
    async (series, text, code) => {
      psb.peer = await psbPeer();
      putText(psb.peer.holding, 1, text, 20);
      psb.peer.holding.set(0, code).set(498, 0xcccc).set(499, 0xcccc).set(508, 0x6666).set(501, 0x1000);
      await psb.open({ series }).connect();
      const { flow } = SERIES[series];
      // Registers that only a supply with a sink has are not touched elsewhere.
      const sinkWrites = psb.writes().filter(line => /W6 49[89]/.test(line));
      expect(sinkWrites).toEqual(flow === 'both' ? ['W6 498=0', 'W6 499=0'] : []);
      expect((await psb.device.read()).values[1]).toBe(flow === 'sink' ? -1200 : 1200);
      const current = flow === 'sink' ? 'sinkCurrentSet_A' : 'currentSet_A';
      await psb.device.write(current, 1200);
      expect(psb.peer.log.slice(-2)).toEqual(['W6 501=26214', 'R3 501+1']);
      expect((await psb.device.safe()).done).toEqual(['outputSet_on = 0', `${current} = 0`]);
    },
  );

  it('a series is in the bench file by name; a sink only where it may flow both ways, in its bounds', () => {
    const base = { host: 'x', voltageNominal_V: 80, currentNominal_A: 1000, powerNominal_W: 30000 };
    const parse = (more: object) => eaPsb10000.options.safeParse({ ...base, ...more });
    expect(parse({}).data).toMatchObject({ port: 5025, series: 'psb-10000' });
    for (const series of Object.keys(SERIES) as SeriesId[]) {
      const sink = { currentMax_A: 30, powerMax_W: 1000 };
      expect(parse({ series, sink }).success, series).toBe(SERIES[series].flow === 'both');
    }
    expect(parse({ series: 'psb-9000' }).success).toBe(false);
    expect(parse({ scpiPort: 5025 }).success).toBe(false);
    expect(parse({ sink: { currentMax_A: 1021, powerMax_W: 1000 } }).success).toBe(false);
    expect(parse({ sink: { currentMax_A: 30, powerMax_W: Number.NaN } }).success).toBe(false);
  });
});
