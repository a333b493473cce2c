import { describe, expect, it } from 'vitest';
import { type InterlockSpec, interlockSchema } from '../../../control/bench/bench.ts';
import { parseBench } from '../../../control/bench/bench-file.ts';
import { besideChannel, predictedRole, residualRole } from '../../../control/contract/residual-roles.ts';
import type { RoleTable } from '../../../control/contract/role-table.ts';
import { Interlocks, type Raised } from '../../../control/watch/interlocks.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { MINI_BENCH } from '../../support/mini-bench.ts';

/** The interlock on measured minus predicted, and what a bench file may ask of the twin beside it. */

const ROLES: RoleTable = {
  measured: new Map([
    [
      'residual.stackVoltage_V',
      {
        role: 'residual.stackVoltage_V',
        device: 'twin',
        channel: 'twin.stackVoltageResidual_V',
        first: 0,
        count: 1,
        accuracy: { reading_pct: 0, abs: 0, basis: 'default' },
        stale_after_s: 3,
      },
    ],
  ]),
  settable: new Map(),
};

const SPEC: InterlockSpec = interlockSchema.parse({
  id: 'drifts',
  kind: 'residual',
  role: 'stack.voltage_V',
  limit: 2,
  over_s: 60,
  delay_s: 5,
  reaction: 'warn',
  basis: 'default',
});

function watch(spec = SPEC) {
  const raised: Raised[] = [];
  const cleared: string[] = [];
  const locks = new Interlocks([spec], ROLES, {
    raised: r => raised.push(r),
    cleared: (_, text) => cleared.push(text),
    failed: error => {
      throw error;
    },
    applied: () => Number.NaN,
  });
  locks.begin(0);
  const feed = (t_s: number, value: number, quality: number = QUALITY.good): void =>
    locks.check({ device: 'twin', t_s, values: Float64Array.of(value), quality: Uint8Array.of(quality) });
  return { locks, raised, cleared, feed };
}

describe('residual interlock', () => {
  it('trips on the mean over the window, whichever its sign, after the delay', () => {
    for (const sign of [1, -1]) {
      const { raised, feed } = watch();
      for (let t = 1; t <= 100; t++) feed(t, 0.5 * sign);
      expect(raised).toEqual([]);
      // 4.5 V from 101 s on: the mean of the last 60 s passes 2 V after 0.375 windows, 22.5 s.
      for (let t = 101; t <= 140; t++) feed(t, 4.5 * sign);
      expect(raised).toHaveLength(1);
      expect(raised[0].t_s).toBeGreaterThanOrEqual(101 + 22 + 5);
      expect(raised[0].t_s).toBeLessThanOrEqual(101 + 25 + 5);
      expect(raised[0].text).toMatch(
        /stack\.voltage_V is -?2\.\d+ V from the twin's \(mean of 60 s\), limit 2/,
      );
    }
  });

  it('does not mind a short excursion, noise, or the first half of its window', () => {
    const { raised, feed } = watch();
    for (let t = 1; t <= 29; t++) feed(t, 50);
    const noisy = watch();
    for (let t = 1; t <= 300; t++) noisy.feed(t, t % 2 === 0 ? 9 : -9);
    const spike = watch();
    for (let t = 1; t <= 300; t++) spike.feed(t, t >= 200 && t < 205 ? 20 : 0);
    expect([raised, noisy.raised, spike.raised]).toEqual([[], [], []]);
  });

  it('warns by itself again when the residual is small again', () => {
    const { raised, cleared, feed } = watch();
    for (let t = 1; t <= 100; t++) feed(t, 5);
    for (let t = 101; t <= 200; t++) feed(t, 0);
    expect(raised).toHaveLength(1);
    expect(cleared).toHaveLength(1);
    expect(cleared[0]).toMatch(/from the twin's/);
  });

  it('a bad residual counts as exceeded, a silent twin too', () => {
    const { raised, feed } = watch();
    for (let t = 1; t <= 100; t++) feed(t, 0);
    for (let t = 101; t <= 107; t++) feed(t, Number.NaN, QUALITY.bad);
    expect(raised[0]).toMatchObject({ t_s: 106 });
    expect(raised[0].text).toMatch(/residual\.stackVoltage_V is bad/);
    const silent = watch();
    silent.feed(1, 0);
    silent.locks.tick(4.5);
    expect(silent.raised[0].text).toMatch(/no reading from twin for 3\.50 s/);
  });

  it('waits for the first comparison, but not for ever', () => {
    const { raised, feed } = watch();
    for (let t = 1; t <= 61; t++) feed(t, Number.NaN, QUALITY.bad);
    expect(raised).toEqual([]);
    for (let t = 62; t <= 67; t++) feed(t, Number.NaN, QUALITY.bad);
    expect(raised).toHaveLength(1);
  });
});

describe('names', () => {
  it('of predicted and residual', () => {
    expect(predictedRole('stack.voltage_V')).toBe('predicted.stackVoltage_V');
    expect(residualRole('o2.h2_vol_pct')).toBe('residual.o2H2_vol_pct');
    expect(besideChannel('stack.voltage_V', 'Predicted', 'V')).toBe('stackVoltagePredicted_V');
    expect(besideChannel('o2.h2_vol_pct', 'Residual', 'vol_pct')).toBe('o2H2Residual_vol_pct');
  });
});

describe('bench file', () => {
  const supply = {
    driver: 'test',
    channels: ['voltage_V', 'current_A', 'power_W'],
    settables: ['currentSet_A', 'outputSet_on'],
  };
  const plc = {
    driver: 'test',
    channels: ['pressure_barg', 'vent_on', 'h2InO2_vol_pct'],
    settables: ['pressureSet_barg', 'ventSet_on'],
  };
  const load = (change: object): unknown => {
    const stack = { ...MINI_BENCH.stack, accepted: 'no pressure trip: this is about residuals' };
    const bench = { ...structuredClone(MINI_BENCH), stack, ...change };
    return parseBench('b.yaml', JSON.stringify(bench, null, 1), (_driver, _options) => {
      const device = descriptions.shift() ?? plc;
      return {
        driver: device.driver,
        channels: device.channels.map(name => ({
          name: name as `x_V`,
          range: [-1e6, 1e6],
          accuracy: { reading_pct: 0, abs: 0, basis: 'default' },
        })),
        settables: device.settables.map(name => ({ name: name as `x_V`, range: [-1e6, 1e6], tolerance: 0 })),
        onLoss: 'off',
        watchdog: device === supply,
        safeList: device === supply ? [['outputSet_on', 0] as const] : [],
      };
    });
  };
  let descriptions = [supply, plc];
  const message = (change: object): string => {
    descriptions = [supply, plc];
    // A gate limit for every settable role of this small bench.
    const limits = { ...MINI_BENCH.limits, 'anode.ventValveSet_on': { min: 0, max: 1 } };
    try {
      load({ limits, ...change });
      return '';
    } catch (error) {
      return String(error);
    }
  };
  const twin = (beside: object) => ({ twin: { plant: 'pem', parameters: {}, beside } });
  const residual = { ...SPEC, role: 'stack.voltage_V' };
  const withResidual = { interlocks: [...MINI_BENCH.interlocks, residual] };

  it('takes a twin beside and an interlock on its residual', () => {
    expect(message({ ...twin({ roles: ['stack.voltage_V'], every_s: 1 }), ...withResidual })).toBe('');
  });

  it.each([
    [
      'no twin beside',
      withResidual,
      /b\.yaml:\d+: interlocks\[3\]\.role: no twin beside the bench predicts stack\.voltage_V, expected `beside: /,
    ],
    [
      'role not predicted',
      { ...twin({ roles: ['stack.power_W'], every_s: 1 }), ...withResidual },
      /no twin beside the bench predicts stack\.voltage_V, expected one of stack\.power_W/,
    ],
    [
      'a role that is not measured',
      twin({ roles: ['stack.currentSet_A'], every_s: 1 }),
      /twin\.beside\.roles\[0\]: stack\.currentSet_A is only set/,
    ],
    [
      'oftener than anything is polled',
      twin({ roles: ['stack.voltage_V'], every_s: 0.1 }),
      /twin\.beside\.every_s: 0\.1 s, expected at least 1 s/,
    ],
    [
      'unknown key',
      twin({ role: ['stack.voltage_V'], every_s: 1 }),
      /unknown key "role" \(did you mean "roles"\?\)/,
    ],
  ])('%s is one clear error', (_, change, says) => {
    expect(message(change)).toMatch(says);
  });
});
