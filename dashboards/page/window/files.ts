import type { Trend } from '../trends.ts';

/** What a person takes away from the charts. */

const HEAD = 'role,unit,t_s,last,min,max';

/**
 * The shown stretch as CSV (RFC 4180): a row a trend and time; t_s in run time. Each is the last value of the stretch up to
 * the next row, with the lowest and highest in it; empty: nothing that may be used.
 */
export function csvOf(trends: readonly Trend[], from_s: number, to_s: number): string {
  const rows = trends.flatMap(({ role, unit, t_s, value, min = value, max = value }) =>
    t_s.flatMap((t, i) =>
      t < from_s || t > to_s
        ? []
        : [[quoted(role), quoted(unit), t, value[i] ?? '', min[i] ?? '', max[i] ?? ''].join(',')],
    ),
  );
  return [HEAD, ...rows, ''].join('\r\n');
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A picture of a chart on the page's own ground, with a line above it that says what it is. */
export function pictureOf(chart: HTMLCanvasElement, title: string): HTMLCanvasElement {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const head_px = Math.round(22 * devicePixelRatio);
  const made = document.createElement('canvas');
  made.width = chart.width;
  made.height = chart.height + head_px;
  const context = made.getContext('2d');
  if (context === null) return made;
  context.fillStyle = colour('--card');
  context.fillRect(0, 0, made.width, made.height);
  context.fillStyle = colour('--ink');
  context.font = `${Math.round(12 * devicePixelRatio)}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  context.fillText(title, Math.round(8 * devicePixelRatio), head_px / 2, made.width);
  context.drawImage(chart, 0, head_px);
  return made;
}

/** Has the browser save something as a file. */
export function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** A name of a file that every system takes, of what it is about. */
export function fileName(parts: readonly string[], ending: string): string {
  return `${parts
    .join('-')
    .replaceAll(/[^A-Za-z0-9.]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')}.${ending}`;
}
