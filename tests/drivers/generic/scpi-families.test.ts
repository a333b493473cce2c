import { describe, expect, it } from 'vitest';
import { readFamily, scpiFamilies } from '../../../drivers/generic/scpi-file.ts';
import { scpiTable } from '../../../drivers/generic/scpi-table.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { ownFamily as own } from './scpi-bench.ts';

/** What a family's file may say, and what counts as an answer to its questions. */

it.each(scpiFamilies())(
  '%s: a list that is longer than it should be, or a decimal comma, is no answer',
  family => {
    const speech = readFamily(family, '.');
    const ratings = { voltageNominal_V: 10, currentNominal_A: 10, powerNominal_W: 100 };
    const table = scpiTable(speech, { family, output: 1, address: 6, ...ratings } as never, family);
    for (const { name, ask } of [...speech.reads, ...speech.sets]) {
      const together = speech.reads.filter(read => read.ask === ask).length || 1;
      const fits =
        table.reads.find(({ ask: { lines } }) => lines[0].startsWith(ask.split('{')[0]))?.ask.fits ??
        table.writes[name].readback.fits;
      const one = speech.reads.find(read => read.ask === ask)?.word ?? '1';
      const [right, longer] = [together, together + 1].map(n => Array(n).fill(one).join(','));
      expect(fits(right), `${ask} ${right}`).toBe(true);
      expect(fits(longer), `${ask} ${longer}`).toBe(false);
      if (together > 1) expect(fits('1')).toBe(false);
    }
  },
);

describe('a family of the bench', () => {
  it('an unknown name lists the known ones', () => {
    expect(() => findDriver('generic/scpi').describe({ family: 'keysight' } as never, '.')).toThrow(
      /keysight: no such family; expected one of bk-8600, bk-9110, /,
    );
  });

  it('a slip is told with file and line', () => {
    const dir = own(text =>
      text.replace("ask: 'MEAS:CURR?', rated: current", "ask: 'MEAS:CURR?', rated: charge"),
    );
    expect(() => findDriver('generic/scpi').describe({ family: 'own.yaml' } as never, dir)).toThrow(
      /own\.yaml:11: /,
    );
  });

  it.each([
    [
      'a watchdog that is not read back',
      "- { say: 'OUTP:PROT:WDOG ON', ask: 'OUTP:PROT:WDOG?', answer: '1', basis: sourced }",
      "- { say: 'OUTP:PROT:WDOG ON', basis: sourced }",
      /own\.yaml:21: .*what is not read back is not armed/,
    ],
    ['a tolerance that proves nothing', 'tolerance_pct: 0.02', 'tolerance_pct: 200', /own\.yaml:15: .*<= 5/],
    [
      'off and on the wrong way round',
      '[OUTP OFF, OUTP ON]',
      '[OUTP ON, OUTP OFF]',
      /own\.yaml:17: .*off first/,
    ],
    ['one command for two', "'CURR {}'", "'VOLT {}'", /own\.yaml:16: .*another line/],
    [
      'one read-back for two',
      "'CURR?', rated: current, range: [0",
      "'VOLT?', rated: current, range: [0",
      /own\.yaml:16: .*another line/,
    ],
    [
      'a question that is none',
      "ask: 'MEAS:VOLT?'",
      "ask: 'MEAS:VOLT'",
      /own\.yaml:\d+: .*question with "\?"/,
    ],
    [
      'a question that sets',
      "ask: 'MEAS:VOLT?'",
      "ask: 'OUTP ON'",
      /own\.yaml:\d+: .*not what "OUTP.* ON" sets/,
    ],
  ])('%s is refused with file and line', (_, was, is, told) => {
    const dir = own(text => {
      expect(text).toContain(was);
      return text.replace(was, is);
    });
    expect(() => findDriver('generic/scpi').describe({ family: 'own.yaml' } as never, dir)).toThrow(told);
  });

  it('an output that is not first in "safe" is refused', () => {
    const dir = own(text =>
      text.replace('safe: [[outputSet_on, 0], [currentSet_A, 0]]', 'safe: [[currentSet_A, 0]]'),
    );
    expect(() => findDriver('generic/scpi').describe({ family: 'own.yaml' } as never, dir)).toThrow(
      /outputSet_on, 0\] first/,
    );
  });
});
