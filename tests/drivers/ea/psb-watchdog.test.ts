import { describe, expect, it } from 'vitest';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { clock, psbBench } from './psb-bench.ts';

const psb = psbBench();

describe('the watchdog (interface monitoring)', () => {
  it('is armed after it is read back that DC goes off when remote control ends', async () => {
    await psb.connected();
    psb.peer.log.length = 0;
    expect(await psb.device.armWatchdog(5.9)).toBe(5);
    expect(psb.peer.log).toEqual([
      'R3 505+2',
      'POW:STAG:AFT:REM OFF',
      'POW:STAG:AFT:REM?',
      'SYST:COMM:MON:TIM 5',
      'SYST:COMM:MON:TIM?',
      'SYST:COMM:MON:ACT ON',
      'SYST:COMM:MON:ACT?',
    ]);
    expect(psb.peer.connections).toBe(1);
  });

  it.each([
    ['POW:STAG:AFT:REM', 'AUTO'],
    ['SYST:COMM:MON:TIM', '4'],
    ['SYST:COMM:MON:ACT', 'OFF'],
  ] as const)('is not believed where %s stays %s', async (word, value) => {
    await psb.connected();
    const { onLine } = psb.peer;
    psb.peer.onLine = line => (line === `${word}?` ? value : onLine(line));
    await expect(psb.device.armWatchdog(5)).rejects.toMatchObject({ code: 'readback' });
    // Nothing that comes behind is switched on.
    const armed = psb.peer.log.includes('SYST:COMM:MON:ACT ON');
    expect(armed).toBe(word === 'SYST:COMM:MON:ACT');
    // Whoever wanted it armed gets no output without it.
    await expect(psb.device.write('outputSet_on', 1)).rejects.toMatchObject({ code: 'refused' });
    await psb.device.write('outputSet_on', 0);
  });

  it('protects nothing once remote control is gone, and says so', async () => {
    await psb.connected();
    await psb.device.armWatchdog(5);
    await psb.device.read();
    expect(await psb.device.readWatchdog?.()).toMatchObject({ isArmed: true });
    psb.peer.holding.set(506, (psb.peer.holding.get(506) ?? 0) & ~(1 << 11));
    await psb.device.read();
    expect(await psb.device.readWatchdog?.()).toEqual({
      isArmed: false,
      armed: 'remote control (status bit 11) ON',
      read: 'remote control (status bit 11) OFF',
    });
  });

  it('is not believed where the instrument does not answer, and no time is out of its range', async () => {
    await psb.connected();
    for (const timeout_s of [0.9, 36_001]) {
      await expect(psb.device.armWatchdog(timeout_s)).rejects.toMatchObject({ code: 'range' });
    }
    psb.peer.onLine = () => undefined;
    await expect(psb.device.armWatchdog(5)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('a value that comes late is waited for', async () => {
    await psb.connected();
    const { onLine } = psb.peer;
    let asked = 0;
    psb.peer.onLine = line => (line === 'SYST:COMM:MON:ACT?' && ++asked < 3 ? 'OFF' : onLine(line));
    expect(await psb.device.armWatchdog(5)).toBe(5);
    expect(asked).toBe(3);
  });

  it('is armed again by the first poll after a reconnect, and before that the output stays off', async () => {
    await psb.connected();
    expect(await psb.device.armWatchdog(5)).toBe(5);
    psb.peer.log.length = 0;
    psb.peer.cut();
    const until_s = clock.now_s() + 3;
    while (psb.device.state === 'ready' && clock.now_s() < until_s) await clock.sleep(0.005);
    while (psb.device.state !== 'ready' && clock.now_s() < until_s) await clock.sleep(0.005);
    await expect(psb.device.write('outputSet_on', 1)).rejects.toMatchObject({ code: 'refused' });
    expect(psb.writes()).not.toContain('W5 405=65280');
    expect((await psb.device.read()).quality[0]).toBe(QUALITY.good);
    expect(psb.peer.log).toContain('SYST:COMM:MON:ACT ON');
    await psb.device.write('outputSet_on', 1);
  });

  it('takes remote control again where the time-out has ended it', async () => {
    await psb.connected();
    psb.peer.holding.set(506, 0x1c);
    psb.peer.log.length = 0;
    await psb.device.armWatchdog(5);
    expect(psb.peer.log.slice(0, 3)).toEqual(['R3 505+2', 'W5 402=65280', 'R3 505+2']);
  });

  it('is off and remote control given back at the end, in this order', async () => {
    await psb.connected();
    await psb.device.armWatchdog(5);
    psb.peer.log.length = 0;
    await psb.device.close();
    expect(psb.peer.log).toEqual(['R3 505+2', 'SYST:COMM:MON:ACT OFF', 'SYST:COMM:MON:ACT?', 'W5 402=0']);
  });
});
