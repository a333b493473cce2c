import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clock, codeOf, psbOnALine } from './ea-psb-on-a-line.ts';

const psb = psbOnALine();
const { rig, supply } = psb;

describe('SCPI and interface monitoring', () => {
  let socket: Socket;
  beforeEach(async () => {
    socket = connect(supply.port, '127.0.0.1');
    await new Promise<void>(resolve => socket.once('connect', () => resolve()));
  });
  afterEach(() => void socket.destroy());
  const ask = (line: string): Promise<string> =>
    new Promise(resolve => {
      socket.once('data', data => resolve(data.toString().trimEnd()));
      socket.write(`${line}\n`);
    });

  it('answers with units and owner', async () => {
    expect(await ask('*IDN?')).toContain('PSB 10360-2400, 1234567890');
    expect(await ask('MEAS:ARR?')).toBe('240.00V, 1200.00A, 288000.00W');
    expect(await ask('SYST:LOCK:OWN?')).toBe('NONE');
    expect(await ask('SYST:LOCK ON;SYST:LOCK:OWN?')).toBe('REMOTE');
    expect(await ask('NONSENSE;SYST:ERR?')).toBe('-100,"Command error"');
    expect(await ask('SYST:LOCK OFF;OUTP ON;SYST:ERR?;SYST:ERR?')).toBe(
      '-221,"Settings conflict";0,"No error"',
    );
    expect(await ask('*IDN?;*IDN?;*IDN?;*IDN?;*IDN?;*IDN?\nSYST:ERR?')).toBe('-225,"Out of memory"');
  });

  it('switches the output off when armed and nobody speaks on either port, and not before', async () => {
    expect(await ask('SYST:COMM:MON:ACT?')).toBe('OFF');
    await psb.client.writeCoil(402, true);
    await psb.client.writeCoil(405, true);
    expect(await ask('SYST:COMM:MON:TIM 1;SYST:COMM:MON:ACT ON;SYST:COMM:MON:TIM?;SYST:COMM:MON:ACT?')).toBe(
      '1;ON',
    );
    for (let i = 0; i < 15; i++) {
      await clock.sleep(0.1);
      await psb.client.readHoldingRegisters(507, 3);
    }
    expect(rig.settingOf('stack.outputSet_on')).toBe(1);
    const silent_s = clock.now_s();
    while (rig.settingOf('stack.outputSet_on') === 1) await clock.sleep(0.005);
    const after_s = clock.now_s() - silent_s;
    expect(after_s).toBeGreaterThan(0.97);
    expect(after_s).toBeLessThan(1.6);
    expect(Number(await ask('STAT:OPER?')) & 0x80).toBe(0x80);
    // Remote control has ended: nobody has it, and nobody may write.
    expect(await psb.status()).toBe(0x1c);
    expect(await codeOf(psb.client.writeCoil(405, true))).toBe(7);
    // It watches on: whoever takes it again is watched again.
    await psb.client.writeCoil(402, true);
    await psb.client.writeCoil(405, true);
    await clock.sleep(1.2);
    expect(rig.settingOf('stack.outputSet_on')).toBe(0);
  });

  it('with register 425 at "unchanged" its time-out ends remote control, and DC stays on', async () => {
    await psb.client.writeCoil(402, true);
    await psb.client.writeCoil(425, true);
    await psb.client.writeCoil(405, true);
    expect(await ask('POW:STAG:AFT:REM?')).toBe('AUTO');
    await ask('SYST:COMM:MON:TIM 1;SYST:COMM:MON:ACT ON;SYST:COMM:MON:ACT?');
    await clock.sleep(1.1);
    expect(await psb.raw('00 03 01 F9 00 02 14 17')).toBe('0003040000049ce85a');
    supply.state.switchOutput(false);
    expect(await psb.raw('00 03 01 F9 00 02 14 17')).toBe('0003040000001ceb3a');
  });

  it.each([
    ['off', 'by command', () => psb.client.writeCoil(402, false), false],
    ['unchanged', 'by command', () => psb.client.writeCoil(402, false), true],
    ['off', 'at its panel', () => Promise.resolve(supply.state.setLocal(true)), false],
    ['unchanged', 'at its panel', () => Promise.resolve(supply.state.setLocal(true)), true],
  ] as const)('425 = %s: remote control left %s', async (afterRemote, _, leave, isOn) => {
    await psb.client.writeCoil(402, true);
    await psb.client.writeCoil(405, true);
    supply.state.afterRemote = afterRemote;
    await leave();
    expect(supply.state.output).toBe(isOn);
  });

  it('keeps 425 and the monitoring over a power cycle, and nothing that is on', async () => {
    await psb.client.writeCoil(402, true);
    await psb.client.writeCoil(425, true);
    await psb.client.writeCoil(405, true);
    expect(await ask('SYST:COMM:MON:TIM 7;SYST:COMM:MON:ACT ON;SYST:COMM:MON:ACT?')).toBe('ON');
    supply.state.powerCycle();
    expect(await ask('SYST:COMM:MON:TIM?;SYST:COMM:MON:ACT?;POW:STAG:AFT:REM?')).toBe('7;ON;AUTO');
    expect(supply.state).toMatchObject({ remote: false, output: false, holder: 'none' });
  });

  it('another interface that has remote control keeps us out', async () => {
    supply.state.takeRemote(true, 'usb');
    expect(await codeOf(psb.client.writeCoil(402, true))).toBe(7);
    expect(await codeOf(psb.client.writeRegister(501, 1))).toBe(7);
    expect(await ask('CURR 1;SYST:ERR?')).toBe('-221,"Settings conflict"');
    expect((await psb.status()) & 0x1f).toBe(3);
  });

  it('takes long forms, units and ends of ranges', async () => {
    const line = 'SYSTem:LOCK ON;SOURce:VOLTage 100V;POWer 3kW;SINK:CURRent MIN;SINK:POWer MAX\nSINK:POWer?';
    expect(await ask(line)).toBe('612005.04W');
    expect(await ask('VOLT?;POW?;SINK:CURR?;CURRent MAX;CURR?')).toBe('100.00V;2998.40W;0.00A;2448.02A');
    expect(await ask('VOLT:PROT?;SYST:ALAR:COUN:PFA?;STAT:QUES:COND?')).toMatch(/^396\.0\dV;\d+;1024$/);
  });

  it.each([
    ['its own port', () => supply.port],
    ['Modbus TCP', () => supply.modbusTcpPort ?? 0],
  ])('closes a socket that was idle for its time (%s); 0 is never', async (_, portOf) => {
    supply.state.idle_s = 0;
    const idle = connect(portOf(), '127.0.0.1');
    idle.resume();
    await clock.sleep(0.7);
    expect(idle.readyState).toBe('open');
    supply.state.idle_s = 1;
    const start_s = clock.now_s();
    await new Promise<void>(resolve => idle.once('close', () => resolve()));
    expect(clock.now_s() - start_s).toBeLessThan(1.5);
  });
});
