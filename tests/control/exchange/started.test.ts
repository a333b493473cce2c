import { describe, expect, it } from 'vitest';
import { startIn } from '../../../control/exchange/import/started.ts';

/** The begin that EC-Lab writes above its table: month first, clock of its computer (readers of EC-Lab files agree). */

describe('the begin of a test by its header', () => {
  it.each<[line: string, utc: string, note: RegExp]>([
    ['Acquisition started on : 03/01/2026 12:00:00.123', '2026-03-01T12:00:00.123Z', /month first.*no zone/],
    ['Acquisition started on : 04/20/2025 10:55:16.521', '2025-04-20T10:55:16.521Z', /"; no zone is named/],
    ['Acquisition started on : 20.04.2025 10:55:16', '2025-04-20T10:55:16.000Z', /"; no zone is named/],
    ['Acquisition started on : 05/05/2025 10:55:16', '2025-05-05T10:55:16.000Z', /"; no zone is named/],
    ['Acquisition started on : 2025-05-06T10:55:16Z', '2025-05-06T10:55:16.000Z', /16Z"$/],
  ])('%s', (line, utc, note) => {
    const said = startIn(['EC-Lab ASCII FILE', 'Nb header lines : 8', '', line]);
    expect(new Date(said?.unix_ms ?? Number.NaN).toISOString()).toBe(utc);
    expect(said?.note).toMatch(note);
  });

  it.each(['Acquisition started on : ', 'Acquisition started on : yesterday', 'started 03/01/2026 12:00:00'])(
    'nothing by "%s"',
    line => {
      expect(startIn([line])).toBeUndefined();
    },
  );
});
