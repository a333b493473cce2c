import { describe, expect, it } from 'vitest';
import { progressLine } from '../../dashboards/terminal/progress.ts';
import { Screen } from '../../dashboards/terminal/screen.ts';

/** What is written, and a stream that is a terminal or not. */
function output(isTTY: boolean): { to: NodeJS.WriteStream; written: () => string } {
  let text = '';
  const to = {
    isTTY,
    columns: 80,
    on: () => to,
    write(piece: string) {
      text += piece;
      return true;
    },
  } as unknown as NodeJS.WriteStream;
  return { to, written: () => text };
}

/** The rows of a terminal after this text: the few controls that a screen uses, and no more. */
function rowsOf(text: string): string[] {
  const rows = [''];
  let row = 0;
  let column = 0;
  let saved = [0, 0];
  for (const [piece] of text.matchAll(/\P{Cc}+|\p{Cc}(?:\[\d*[A-Z]|[78](?!\d))?/gu)) {
    const control = piece.slice(1);
    if (piece === '\n') {
      row++;
      column = 0;
      rows[row] ??= '';
    } else if (piece === '\r') column = 0;
    else if (control === '[1A') row--;
    else if (control === '[K') rows[row] = rows[row].slice(0, column);
    else if (control === '[J') rows.splice(row, rows.length, rows[row].slice(0, column));
    else if (control === '7') saved = [row, column];
    else if (control === '8') [row, column] = saved;
    else {
      rows[row] = rows[row].slice(0, column) + piece + rows[row].slice(column + piece.length);
      column += piece.length;
    }
  }
  return rows;
}

describe('the screen of a terminal', () => {
  it('keeps the line of status, what is typed and messages apart', () => {
    const { to, written } = output(true);
    const screen = new Screen(to);
    screen.say('Live page: up');
    screen.status('[#...] 25 %');
    to.write('abor');
    screen.status('[##..] 50 %');
    expect(rowsOf(written())).toEqual(['Live page: up', '[##..] 50 %', 'abor']);
    to.write('t\n');
    screen.typed('abort');
    screen.say('aborting');
    screen.status('[##..] 51 %');
    expect(rowsOf(written())).toEqual(['Live page: up', '> abort', 'aborting', '[##..] 51 %', '']);
    screen.endStatus();
    screen.say('Verdict: aborted');
    expect(rowsOf(written()).slice(-3)).toEqual(['[##..] 51 %', 'Verdict: aborted', '']);
  });

  it('writes plain lines where there is no terminal', () => {
    const { to, written } = output(false);
    const screen = new Screen(to);
    screen.status('[#...] 25 %');
    screen.say('message');
    screen.status('[##..] 50 %');
    screen.endStatus();
    expect(written()).toBe('[#...] 25 %\nmessage\n[##..] 50 %\n');
  });
});

describe('the line of progress', () => {
  it.each([20, 40, 60, 80, 81, 120, 200])('never wraps at %i columns', columns => {
    for (const phase of ['', 'leak-test', 'a-phase-with-a-very-long-name-indeed'])
      for (const time_s of [0, 61, 86_399, 3_600_000]) {
        const line = progressLine({ phase, time_s, planned_s: 3_600_000, speed: 72_000, columns });
        expect(line.length).toBeLessThan(columns);
      }
  });

  it('says all at 80 columns: how far, which phase, how fast, how long yet', () => {
    const line = progressLine({ phase: 'wind', time_s: 1800, planned_s: 61_542, speed: 120, columns: 80 });
    expect(line).toMatch(/^\[\.{4,}\] +3 % {2}wind +0:30:00 of 17:05:42 {2}x 120 {2}0:08:18 left$/);
  });
});
