import { describe, expect, it } from 'vitest';
import { psbOnALine } from './ea-psb-on-a-line.ts';

const psb = psbOnALine();
const { rig, supply } = psb;

describe("frames as the maker's papers have them, checksums worked out anew", () => {
  const ECHO = '=';
  it.each([
    ['remote on', '00 05 01 92 FF 00 2D FA', ECHO],
    ['remote off', '00 05 01 92 00 00 6C 0A', ECHO],
    ['DC on, not in remote', '00 05 01 95 FF 00 9C 3B', '00 85 07 52 92'],
    ['register 425: off', '00 01 01 A9 00 01 2D C7', '00 01 02 00 00 84 3C'],
    ['address 1 in compliance Limited', '01 03 01 FB 00 03 75 C6', '01 83 02 C0 F1'],
    ['class', '00 03 00 00 00 01 85 DB', '00 03 02 00 53 C5 B9'],
    ['a function that it does not have, 15', '00 0F 01 92 00 01 01 01 96 97', '00 8F 01 D4 30'],
    ['a function that nobody has, 43', '00 2B 0E 01 00 4D B7', '00 AB 01 CF 30'],
    ['a frame for address 2', '02 03 00 00 00 01 84 39', ''],
    ['a wrong checksum', '00 03 00 00 00 01 85 DC', '00 83 05 D0 F3'],
  ])('%s', async (_, asked, answered) => {
    const wanted = (answered === ECHO ? asked : answered).replaceAll(' ', '').toLowerCase();
    expect(await psb.raw(asked)).toBe(wanted);
    expect(await psb.raw(asked)).toBe(wanted);
    supply.state.takeRemote(false);
  });

  it.each([
    ['acknowledge', '00 05 01 9B FF 00 FD F8'],
    ['sink I := 0', '00 06 01 F3 00 00 79 D4'],
    ['sink P := 0', '00 06 01 F2 00 00 28 14'],
    ['set 425 off', '00 05 01 A9 00 00 1D C7'],
    ['DC on', '00 05 01 95 FF 00 9C 3B'],
    ['DC off', '00 05 01 95 00 00 DD CB'],
  ])('%s, in remote', async (_, asked) => {
    supply.state.takeRemote(true);
    expect(await psb.raw(asked)).toBe(asked.replaceAll(' ', '').toLowerCase());
  });

  it('the rest of the states that the papers show', async () => {
    supply.state.setLocal(true);
    expect(await psb.raw('00 05 01 95 FF 00 9C 3B')).toBe('00851753 5e'.replace(' ', ''));
    supply.state.setLocal(false);
    supply.state.takeRemote(true);
    supply.state.afterRemote = 'unchanged';
    expect(await psb.raw('00 01 01 A9 00 01 2D C7')).toBe('000102ff00c5cc');
    supply.state.isFull = true;
    // MODBUS over Serial Line: one byte for one coil; address 1 is ours now.
    expect((await psb.raw('01 01 01 A9 00 01 2C 16')).slice(0, 8)).toBe('01010101');
    rig.show('stack.current_A', -30);
    supply.state.writeSet('sinkCurrent', Math.round((30 / 2400) * 52428));
    supply.state.switchOutput(true);
    expect(await psb.raw('00 03 01 F9 00 02 14 17')).toBe('00030400001c866391');
  });

  it('a frame in two packets is no frame: exception 5', async () => {
    expect((await psb.raw('00 03 00 00 00 01 85 DB', 2)).slice(0, 6)).toBe('008305');
  });
});
