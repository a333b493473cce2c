import { escapeHtml } from '../format.ts';

/** A piece of text at a place, of one of the report's text classes. */
export function text(
  x: number,
  y: number,
  content: string,
  kind: string,
  anchor: 'start' | 'middle' | 'end',
): string {
  return `<text class="${kind}" x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
}

/** A length as SVG takes it, a tenth of a pixel. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
