import { describe, expect, it } from 'vitest';
import { bronkhorstPropar as emulator } from '../../sim/device/bronkhorst-propar.ts';
import { bench, cleanups, connected, FLOW, PRESSURE } from './propar-bus.ts';

/** A controller whose control mode (parameter 1/4) lets it follow something else than the set point of the bus. */

const inMode = (mode: number) => ({ ...PRESSURE, set: { ...PRESSURE.set, mode } });

describe('at connect', () => {
  it.each([
    [1, /control mode 1 \(analog input\)/],
    [2, /control mode 2 \(set point of another instrument\)/],
    [3, /control mode 3 \(valve closed\)/],
    [8, /control mode 8 \(valve purges\)/],
    [12, /control mode 12 \(set point 0 %\)/],
    [20, /control mode 20 \(the set point drives the valve itself\)/],
    [77, /control mode 77,/],
  ])('control mode %i is refused: its set point would do nothing, or something else', async (mode, text) => {
    const { device, settings } = await bench([inMode(mode), FLOW]);
    settings['cathode.pressureSet_barg'] = 1;
    const refused = device.connect();
    await expect(refused).rejects.toMatchObject({ code: 'local' });
    await expect(refused).rejects.toThrow(text);
    expect(device.state).toBe('closed');
  });

  it.each([0, 18])('control mode %i follows the bus', async mode => {
    const { device, settings } = await bench([inMode(mode), FLOW]);
    await device.connect();
    await device.write('cathodePressureSet_barg', 12);
    expect(settings['cathode.pressureSet_barg']).toBeCloseTo(12, 5);
  });

  it("that of an instrument that only measures is nobody's business", async () => {
    const { device } = await bench(
      [inMode(1), FLOW],
      [
        { name: 'cathodePressure_barg', node: 3, capacity: 40 },
        { name: 'h2Flow_NL_per_min', node: 4, capacity: 2500 },
      ],
    );
    await device.connect();
  });
});

describe('later', () => {
  it('a set point is not confirmed once somebody has taken the controller from the bus', async () => {
    const { device, settings, bus, pty, rig, clock } = await connected();
    await device.write('cathodePressureSet_barg', 12);
    await bus.stop();
    const taken = emulator({ rig, clock }, { path: pty.instrument, instruments: [inMode(1), FLOW] });
    await taken.start();
    cleanups.push(() => taken.stop());
    const refused = device.write('cathodePressureSet_barg', 20);
    await expect(refused).rejects.toMatchObject({ code: 'readback' });
    expect(settings['cathode.pressureSet_barg']).toBeCloseTo(12, 5);
    expect(await device.readBack?.('cathodePressureSet_barg')).toBeNaN();
  });
});
