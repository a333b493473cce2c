import { REPORT_STYLE } from './style.ts';

/**
 * The first picture of a report as a file of its own (SVG with the report's style), for places that want one picture of a
 * run. Undefined: the report has none.
 */
export function pictureFile(report: string): string | undefined {
  const found = /<svg viewBox="0 0 (\d+) (\d+)" role="img".*?<\/svg>/s.exec(report);
  if (found === null) return undefined;
  const [svg, width, height] = found;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"`;
  return `${svg.replace('<svg', head).replace('>', `><style>${REPORT_STYLE}</style>`)}\n`;
}
