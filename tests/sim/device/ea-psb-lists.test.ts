import { describe, expect, it } from 'vitest';
import { FULL_SCALE } from '../../../sim/device/ea/quantities.ts';
import { codeOf, psbOnALine } from './ea-psb-on-a-line.ts';

/** Groups of the maker's register list in one read each, and what is stored in them. */

const psb = psbOnALine();
const { rig, supply } = psb;
const read = async (address: number, count: number) =>
  (await psb.client.readHoldingRegisters(address, count)).data;

describe('groups that the lists allow in one read', () => {
  it.each([
    ['nominal U, I, P, R max, R min', 121, 10],
    ['DC after power-on', 408, 1],
    ['supervision, with protections of the sink', 559, 19],
    ['totals of a master', 656, 6],
  ])('%s: %i, %i registers', async (_, address, count) => {
    expect(await read(address, count)).toHaveLength(count);
  });

  it('alone a supply is the total of itself', async () => {
    expect(await read(656, 6)).toEqual(await read(121, 6));
  });
});

it('what DC does after power-on: off from the factory, and only the two words of the list', async () => {
  expect(await read(408, 1)).toEqual([0xffff]);
  await psb.client.writeCoil(402, true);
  expect(await codeOf(psb.client.writeRegister(408, 1))).toBe(3);
  await psb.client.writeRegister(408, 0xfffe);
  supply.state.switchOutput(true);
  supply.state.powerCycle();
  expect(supply.state).toMatchObject({ output: true, remote: false });
  supply.state.restores = { afterPowerFail: false, afterPowerOn: false };
  supply.state.powerCycle();
  expect(supply.state.output).toBe(false);
});

it('what DC does when the mains are back: off from the factory, else on as before', async () => {
  await psb.client.writeCoil(402, true);
  for (const auto of [false, true]) {
    await psb.client.writeCoil(407, auto);
    supply.state.acknowledge();
    supply.state.switchOutput(true);
    supply.state.setCause('PF', true);
    expect(supply.state.output).toBe(false);
    supply.state.setCause('PF', false);
    expect(supply.state.output).toBe(auto);
  }
  await psb.client.writeCoil(407, false);
});

describe('supervision', () => {
  it.each([
    ['UVD', 559, 24, { 'stack.voltage_V': 100 }],
    ['OVD', 561, 25, { 'stack.voltage_V': 300 }],
    ['UCD', 563, 26, { 'stack.current_A': 100 }],
    ['OCD', 565, 27, { 'stack.current_A': 2000 }],
    ['OPD', 567, 28, { 'stack.power_W': 500_000 }],
    ['OCD of the sink', 573, 27, { 'stack.current_A': -2000 }],
  ])('%s: only action 3 ends DC, and shows', async (_, register, bit, shown) => {
    await psb.client.writeCoil(402, true);
    const before = await read(register, 2);
    await psb.client.writeRegister(register, Math.round(0.6 * FULL_SCALE));
    expect(await codeOf(psb.client.writeRegister(register + 1, 4))).toBe(3);
    supply.state.switchOutput(true);
    for (const [name, value] of Object.entries(shown)) rig.show(name, value);
    for (const action of [1, 2, 3]) {
      await psb.client.writeRegister(register + 1, action);
      const status = await psb.status();
      expect([action, (status >>> bit) & 1, (status >>> 7) & 1]).toEqual([
        action,
        action === 3 ? 1 : 0,
        action === 3 ? 0 : 1,
      ]);
    }
    expect(((await psb.status()) >>> 15) & 1).toBe(1);
    supply.state.supervision.write(register, before[0]);
    supply.state.supervision.write(register + 1, before[1]);
    rig.show('stack.voltage_V', 240);
    rig.show('stack.power_W', 288_000);
  });
});
