import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LoadedBench, loadBench } from '../../../control/bench/bench-file.ts';
import { findings, toDo } from '../../../control/program/commands/devices/judge.ts';
import type { LookedChannel, LookedDevice } from '../../../control/program/commands/devices/look.ts';
import { leftOnCycler, ticketFileOf } from '../../../control/program/cycler/on-cycler.ts';
import { checkProgram, type ProgramCheck } from '../../../control/program/cycler/program-check.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { loadNight } from '../../../control/program/rehearse/rehearse-once.ts';

/** What `check` makes of what it saw. */

const loaded = loadBench('examples/pem-500kw/bench.yaml', describeDevice);
const fine: LookedChannel = {
  name: 'current_A',
  unit: 'A',
  n: 10,
  bad: 0,
  mean: 1,
  noise: 0.1,
  accuracy: 2.4,
};
const seen = (channel: Partial<LookedChannel>): LookedDevice => ({
  device: 'supply',
  driver: 'ea/psb-10000',
  endpoint: 'tcp://192.168.0.20:502',
  identity: 'as the bench file says',
  channels: [{ ...fine, ...channel }],
});
const textsOf = (device: LookedDevice): string[] =>
  findings(loaded, [device])
    .filter(finding => finding.device === 'supply')
    .map(finding => finding.text);

describe('findings', () => {
  it('none of a channel that is as it should be', () => expect(textsOf(seen({}))).toEqual([]));

  it.each([
    [{ n: 0, bad: 10, reason: 'no sensor' }, 'current_A: no usable reading: no sensor'],
    [{ n: 8, bad: 2 }, 'current_A: 2 of 10 readings not usable'],
    [{ zero: 3 }, 'current_A: shows 3.00 A with the output off, more than its accuracy of 2.40 A: zero it'],
    [{ zero: -3 }, 'current_A: shows -3.00 A with the output off, more than its accuracy of 2.40 A: zero it'],
    [
      { noise: 2.5 },
      'current_A: scatters by 2.50 A, more than its accuracy of 2.40 A: screen, ground, filter',
    ],
    [{ noise: 0 }, 'current_A: 10 readings stand exactly still: does it measure?'],
  ])('%j', (channel, text) => expect(textsOf(seen(channel))).toEqual([text]));

  it('none of readings that only the set-up of a run brings', () => {
    const awaitsRun = 'ROUT:SCAN? gives #13(@), expected #210(@101,102)';
    expect(textsOf({ ...seen({ n: 0, bad: 10, mean: null, reason: 'no value' }), awaitsRun })).toEqual([]);
  });

  it('a clock that is off or was set, and a time of which nobody can say', () => {
    const clock = [
      { what: 'offset', channel: 'flowInstrumentTime_s', by_s: -12.34 },
      { what: 'jump', channel: 'flowInstrumentTime_s', by_s: 7200.4 },
    ] as const;
    expect(textsOf({ ...seen({}), clock })).toEqual([
      'its clock is 12.3 s behind ours: rows count from their arrival, what it says itself is kept in flowInstrumentTime_s',
      'its clock was set on by 7200 s (flowInstrumentTime_s): rows stay in the order of arrival',
    ]);
    const time = { name: 'flowInstrumentTime_s', unit: 's', accuracy: 0 } as const;
    expect(textsOf(seen({ ...time, clock: 'utc', mean: -61.25 }))).toEqual([
      'flowInstrumentTime_s: 61.3 s before arrival: a clock that is off, or a value that old',
    ]);
    expect(textsOf(seen({ ...time, clock: 'utc', mean: -1 }))).toEqual([]);
    expect(textsOf(seen({ ...time, clock: 'own', mean: -61 }))).toEqual([]);
  });

  it('an instrument that needs longer for a poll than the bench gives it', () => {
    const { poll_s, stale_after_s } = loaded.bench.devices.supply;
    expect(textsOf({ ...seen({}), poll_s: 0.9 * poll_s })).toEqual([]);
    expect(textsOf({ ...seen({}), poll_s: 1.1 * stale_after_s })).toEqual([
      expect.stringContaining(`stale_after_s ${stale_after_s} is shorter`),
    ]);
  });

  it('a device that cannot be had stops', () => {
    const gone = { ...seen({}), identity: 'not had', reason: 'nobody answers there', channels: [] } as const;
    expect(findings(loaded, [gone])[0]).toEqual({
      level: 'stop',
      device: 'supply',
      text: 'nobody answers there',
    });
  });

  it('outputs that stay when we fall silent, and no watchdog', () => {
    expect(findings(loaded, [])).toEqual([
      { level: 'look', device: 'gas', text: 'no watchdog: when we fall silent its outputs stay as they are' },
    ]);
  });
});

describe('what a person must do', () => {
  it('names each means by hand once, each watchdog with its time, each driver that was tried on emulators only', () => {
    const steps = toDo(loaded);
    expect(new Set(steps).size).toBe(steps.length);
    for (const line of [...loaded.bench.safeState.steps, ...loaded.bench.safeState.proof])
      expect(steps).toContain(`tries the means by hand: ${line.otherwise}`);
    expect(steps.join()).toContain(
      'pulls the wire of supply while its output is on, and sees it go off within 5 s',
    );
    expect(steps.filter(step => step.includes('tried on an emulator only'))).toHaveLength(4);
  });

  it('decides about quantities that no interlock looks at, neither as they are nor in what is derived of them', () => {
    const asked = (bench: LoadedBench): string[] =>
      toDo(bench).flatMap(step => /^decides .* needs one: (.*)$/.exec(step)?.[1].split(', ') ?? []);
    const open = asked(loaded);
    expect(open).toContain('room.temperature_degC');
    expect(open).not.toContain('stack.current_A');
    expect(open).not.toContain('water.pump_on');
    const { interlocks } = loaded.bench;
    const fewer = interlocks.filter(({ id }) => id !== 'conductivity-high');
    const without = { ...loaded, bench: { ...loaded.bench, interlocks: fewer } };
    expect(asked(without).filter(role => !open.includes(role))).toEqual(['water.conductivity_uS_per_cm']);
  });
});

describe('a method on a cycler', () => {
  const BENCH = 'examples/neware/bench.yaml';
  const METHOD = 'examples/neware/capacity.yaml';
  const checked = (bench: string, method: string): ProgramCheck => {
    const { onCycler } = loadNight({ bench, method, seed: 1 });
    if (onCycler === undefined) throw new Error('runs no program');
    return checkProgram(onCycler);
  };

  it('has each limit of it beside those of cell and channel, and what is otherwise there', () => {
    const { limits, findings: found, steps, differences } = checked(BENCH, METHOD);
    expect(limits.map(one => [one.limit, one.method, one.program, one.cell, one.channel])).toEqual([
      ['highest voltage', 4.2, 4.25, 4.2, 5],
      ['lowest voltage', 2.5, 2.4, 2.5, -1],
      ['highest current', 2.5, 5, 10, 12],
      ['lowest current', -2.5, -5, -10, -12],
    ]);
    expect([steps, differences.length]).toEqual([7, 7]);
    expect(found.map(({ text }) => text)).toEqual([expect.stringContaining('--accept only')]);
  });

  it('without limits of its own, beyond the channel, or left on another channel is told', () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'));
    const written = (name: string, from: string, change: (text: string) => string): string => {
      const path = join(folder, name);
      writeFileSync(path, change(readFileSync(from, 'utf8')));
      return path;
    };
    try {
      const bare = written('bare.yaml', METHOD, text => text.replace(/^limits:\n(- .*\n)+/m, ''));
      expect(checked(BENCH, bare).findings.filter(({ text }) => /says no limit/.test(text))).toHaveLength(4);
      const small = written('small.yaml', BENCH, text =>
        text
          .replace('currentMax_A: 12', 'currentMax_A: 2')
          .replace('limit: 5.5, rearm: 5', 'limit: 2.1, rearm: 2')
          .replace('limit: -11, rearm: -10', 'limit: -2.1, rearm: -2'),
      );
      expect(() => checked(small, METHOD)).toThrow(/capacity\.yaml:15.*-2\.5.*-2\.\.2 A/);
      const left = written('left.yaml', BENCH, text => text);
      const { onCycler } = loadNight({ bench: left, method: METHOD, seed: 1 });
      if (onCycler === undefined) throw new Error('runs no program');
      const ticket = { label: 'cb-1', test: '1', records: 0, method: METHOD, sha256: onCycler.sha256 };
      const keep = (endpoint: string): void =>
        writeFileSync(ticketFileOf(onCycler), JSON.stringify({ ...ticket, endpoint }));
      keep('tcp://192.168.0.60:502/127.0.0.1/27-21-1-2');
      expect(() => leftOnCycler(onCycler)).toThrow(/cb-1 was left on .*27-21-1-2, expected .*27-21-1-1/);
      keep('tcp://192.168.0.60:502/127.0.0.1/27-21-1-1');
      expect(leftOnCycler(onCycler)).toMatchObject({ label: 'cb-1' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
