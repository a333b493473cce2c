import { describe, expect, it } from 'vitest';
import { figureSections } from './sections.ts';

const sections = figureSections(100);

describe.each(sections)('$title', section => {
  it.each(section.rows)('$id: $value, expected $expected +- $tolerance', row => {
    expect(Math.abs(row.value - row.expected)).toBeLessThanOrEqual(row.tolerance);
    expect(row.within).toBe(true);
  });
});

it('has a name for each row and says what the truth rests on', () => {
  const rows = sections.flatMap(section => section.rows);
  expect(rows.length).toBeGreaterThanOrEqual(60);
  expect(new Set(rows.map(row => row.id)).size).toBe(rows.length);
  for (const row of rows) expect(row.basis.length, row.id).toBeGreaterThan(0);
});
