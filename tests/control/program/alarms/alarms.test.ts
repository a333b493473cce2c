import { afterEach, describe, expect, it } from 'vitest';
import { alarmLines } from '../../../../control/program/alarms/alarm-list.ts';
import { alarmsCommand } from '../../../../control/program/alarms/alarms-command.ts';
import { timeSpan_s } from '../../../../control/program/alarms/time-span.ts';
import { askedOf } from '../../../../control/program/terminal-commands.ts';
import { decide } from '../../../../control/run/operator.ts';
import { type LineBench, lineBench } from '../../../support/line-bench.ts';

describe('what people say to alarms', () => {
  it.each([
    ['30min', 1800],
    ['1.5 h', 5400],
    ['90s', 90],
    ['30', undefined],
    ['-1h', undefined],
    ['soon', undefined],
  ])('%s is %s s', (text, seconds) => {
    expect(timeSpan_s(text)).toBe(seconds);
  });

  it('a line at the terminal is a command; what is missing stays away for whoever decides', () => {
    expect(askedOf('shelve', ['h2-warn', '30min', 'Miller', 'span', 'gas'])).toEqual({
      command: 'shelve',
      alarm: 'h2-warn',
      for_s: 1800,
      by: 'Miller',
      reason: 'span gas',
    });
    expect(askedOf('shelve', ['h2-warn', 'soon'])).toEqual({ command: 'shelve', alarm: 'h2-warn' });
    expect(askedOf('acknowledge', [])).toEqual({ command: 'acknowledge' });
    expect(askedOf('acknowledge', ['a', 'A.', 'Miller'])).toEqual({
      command: 'acknowledge',
      alarm: 'a',
      by: 'A. Miller',
    });
  });

  it.each([
    [['shelve', 'a', '--by', 'M', '--reason', 'r'], '--for is missing: expected a time like 30min'],
    [['shelve', 'a', '--for', '30', '--by', 'M', '--reason', 'r'], '--for 30: expected a time'],
    [['shelve', 'a', '--for', '30min', '--by', 'M'], 'shelve without --reason'],
    [['shelve', '--for', '30min', '--by', 'M', '--reason', 'r'], 'shelve without an alarm'],
    [['acknowledge'], 'acknowledge without --by'],
    [['unshelve', 'a', '--by', 'M', '--for', '1h'], 'takes no --for'],
    [['runs/x', '--by', 'M'], 'expected alarms [RUN]'],
    [['acknowledge', '--by', 'M', '--run', 'runs/no-such'], 'expected a run under way whose page is up'],
  ])('cellbench alarms %j is refused', async (args, text) => {
    await expect(alarmsCommand(args)).rejects.toThrow(text);
  });
});

describe('a session', () => {
  let bench: LineBench;
  afterEach(async () => {
    await bench.clock.runUntil(bench.session.close());
  });

  it('shelves a warning and keeps its trip; the record tells who said what', async () => {
    const limit = { kind: 'threshold', role: 'o2.h2_vol_pct', trips: '>', basis: 'default', delay_s: 0 };
    bench = await lineBench({
      interlocks: [
        { ...limit, id: 'h2-warn', reaction: 'warn', limit: 1 },
        { ...limit, id: 'h2-trip', reaction: 'trip', limit: 2 },
      ],
    });
    const ask = (asked: Parameters<typeof decide>[1]) => decide(bench.session, asked, 'page', undefined);
    const shelve = { command: 'shelve', alarm: 'h2-warn', by: 'A. Miller', for_s: 60 } as const;
    expect(await ask(shelve)).toMatchObject({ accepted: false, text: 'shelve needs a reason' });
    expect(await ask({ ...shelve, reason: 'span gas', alarm: 'h2-trip' })).toMatchObject({ accepted: false });
    expect(await ask({ ...shelve, reason: 'span gas' })).toMatchObject({ accepted: true });
    bench.h2InO2_vol_pct = 1.5;
    await bench.pass(2);
    expect(bench.session.alarms.standing()).toMatchObject([{ id: 'h2-warn', state: 'shelved' }]);
    bench.h2InO2_vol_pct = 3;
    await bench.until(() => bench.session.state === 'Aborted');
    expect(bench.session.alarms.standing()).toMatchObject([
      { id: 'h2-trip', state: 'unacknowledged', isFirstOut: true },
      { id: 'h2-warn', state: 'shelved' },
    ]);
    expect(await ask({ command: 'acknowledge', by: 'A. Miller' })).toMatchObject({ accepted: true });
    bench.h2InO2_vol_pct = 0.1;
    await bench.pass(61);
    expect(bench.session.alarms.standing()).toEqual([]);
    const lines = alarmLines(bench.events).join('\n');
    expect(lines).toMatch(/h2-trip +high +trip, came first +normal +1 .* by A\. Miller \(page\)/);
    expect(lines).toContain('h2-warn is shelved for 60 s by A. Miller (page): span gas');
  });
});
