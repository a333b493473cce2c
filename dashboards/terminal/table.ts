/** Columns as wide as their widest entry; `right`: columns of figures. Empty columns are left out. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string[] {
  const shown = heads.map((_, i) => i).filter(i => i === 0 || rows.some(row => (row[i] ?? '') !== ''));
  const width = heads.map((head, i) => Math.max(head.length, ...rows.map(row => (row[i] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `  ${shown.map(i => (right.includes(i) ? (cells[i] ?? '').padStart(width[i]) : (cells[i] ?? '').padEnd(width[i]))).join('  ')}`.trimEnd();
  return [line(heads), ...rows.map(line)];
}
