import { describe, expect, it } from 'vitest';
import { validationSections } from './rows.ts';

const sections = validationSections();
const rows = sections.flatMap(section => section.rows);

describe.each(sections)('$title', section => {
  it.each(section.rows)('$id: $error $unit, at most $tolerance', row => {
    expect(Number.isFinite(row.error), row.note).toBe(true);
    expect(row.error, row.note).toBeLessThanOrEqual(row.tolerance);
    expect(row.within).toBe(true);
  });

  it('has pictures whose lines hold numbers', () => {
    for (const line of section.pictures.flatMap(p => p.panels.flatMap(panel => panel.lines))) {
      expect(line.x.length, line.label).toBe(line.y.length);
      expect(
        line.y.every(y => y !== null && Number.isFinite(y)),
        line.label,
      ).toBe(true);
    }
  });
});

it('every row has a name of its own and says what it is worth', () => {
  expect(new Set(rows.map(row => row.id)).size).toBe(rows.length);
  for (const row of rows) expect(row.note.length, row.id).toBeGreaterThan(0);
});
