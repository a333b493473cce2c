import type { Page } from 'playwright-core';

/** What can be read on the wall, and how large it is. */

/** Least px of the reference for a wall that is read from 3 m. */
export const TEXT_LEAST_PX = 32;
export const NUMBER_LEAST_PX = 88;

/** One text as the browser has drawn it. `isCut`: more of it than is seen, by a box around it or by the edge of the screen. */
export interface SeenText {
  readonly kind: string;
  readonly text: string;
  readonly px: number;
  readonly isCut: boolean;
}

/** Texts of a wall, and by how much the page is longer than the screen, px. */
export interface SeenWall {
  readonly texts: readonly SeenText[];
  readonly beyond_px: number;
}

/** Kinds of text: the first that fits. */
const KINDS: readonly (readonly [kind: string, selector: string])[] = [
  ['tile: number', '.tile:not(.is-dead) .tile-value'],
  ['tile: last number', '.tile-value'],
  ['tile: name, unit', '.tile-head'],
  ['tile: set, limit', '.tile'],
  ['top: name', '.top h1'],
  ['top: state', '.state, .campaign-is'],
  ['top: the rest', '.top'],
  ['banner', '.banner, .worst, .unproven, .unmet, .waiting, .way-out'],
  ['picture', '.picture'],
  ['nearest limits', '.nearest'],
  ['phase strip', '.strip'],
  ['cells', '.cells'],
  ['alarms', '.alarms'],
  ['channel', '.field'],
];

/** Runs in the page. */
const LOOK = `(kinds => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.data.trim();
    const of = node.parentElement;
    if (text === '' || of === null || !of.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (of.closest('script, style, title, desc, option, dialog:not([open])') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    // What is there for the ear only is a pixel large.
    if (box.width < 2 || box.height < 2) continue;
    let seen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    let isForEar = false;
    for (let up = of; up !== null && up !== document.documentElement; up = up.parentElement) {
      const style = getComputedStyle(up);
      const edge = up.getBoundingClientRect();
      if (style.overflowX === 'visible' || up === document.body) continue;
      if (edge.width <= 2 && edge.height <= 2) isForEar = true;
      seen = {
        left: Math.max(seen.left, edge.left), top: Math.max(seen.top, edge.top),
        right: Math.min(seen.right, edge.right), bottom: Math.min(seen.bottom, edge.bottom),
      };
    }
    if (isForEar) continue;
    const isCut = box.left < seen.left - 1.5 || box.right > seen.right + 1.5 || box.top < seen.top - 6 || box.bottom > seen.bottom + 6;
    if (box.right <= seen.left || box.left >= seen.right || box.bottom <= seen.top || box.top >= seen.bottom) {
      if (box.top < innerHeight) continue;
    }
    const scale = of instanceof SVGElement ? (of.getScreenCTM?.()?.d ?? 1) : 1;
    const px = Math.round(10 * Number.parseFloat(getComputedStyle(of).fontSize) * scale) / 10;
    const kind = kinds.find(([, selector]) => of.closest(selector) !== null)?.[0] ?? 'elsewhere';
    texts.push({ kind, text: text.slice(0, 60), px, isCut });
  }
  return { texts, beyond_px: Math.max(0, document.documentElement.scrollHeight - innerHeight) };
})(${JSON.stringify(KINDS)})`;

/** Reads a page that stands on a wall. */
export function seenOn(page: Page): Promise<SeenWall> {
  return page.evaluate(LOOK) as Promise<SeenWall>;
}

/** What is kept of a wall: of each kind of text how many there are, and the smallest. */
export interface WallFacts {
  readonly name: string;
  readonly beyond_px: number;
  readonly kinds: Readonly<
    Record<string, { readonly texts: number; readonly least_px: number; readonly smallest: string }>
  >;
  /** Texts of which not all is seen. */
  readonly cut: readonly string[];
}

export function factsOf(name: string, { texts, beyond_px }: SeenWall): WallFacts {
  const kinds: Record<string, { texts: number; least_px: number; smallest: string }> = {};
  for (const { kind, text, px } of texts) {
    kinds[kind] ??= { texts: 0, least_px: px, smallest: text };
    kinds[kind].texts++;
    if (px < kinds[kind].least_px) Object.assign(kinds[kind], { least_px: px, smallest: text });
  }
  const cut = texts.filter(({ isCut }) => isCut).map(({ kind, text }) => `${kind}: ${text}`);
  return { name, beyond_px, kinds, cut };
}

/** A row of the table: of one kind of text the least that was seen on any wall. */
export interface KindRow {
  readonly kind: string;
  readonly texts: number;
  readonly least_px: number;
  readonly reference_px: number;
  /** The smallest, and the wall that it stands on. */
  readonly smallest: string;
  readonly wall: string;
  readonly isFine: boolean;
}

/** Of each kind its least, over all walls. */
export function rowsOf(walls: readonly WallFacts[]): readonly KindRow[] {
  const names = [...new Set(walls.flatMap(({ kinds }) => Object.keys(kinds)))];
  const rows = names.map((kind): KindRow => {
    const seen = walls.flatMap(({ name, kinds }) =>
      kinds[kind] === undefined ? [] : [{ ...kinds[kind], wall: name }],
    );
    const [{ least_px, smallest, wall }] = seen.toSorted((a, b) => a.least_px - b.least_px);
    const texts = seen.reduce((sum, one) => sum + one.texts, 0);
    const reference_px = kind === 'tile: number' ? NUMBER_LEAST_PX : TEXT_LEAST_PX;
    return { kind, texts, least_px, reference_px, smallest, wall, isFine: least_px >= reference_px };
  });
  return rows.toSorted((a, b) => a.least_px - b.least_px);
}

/** The same as lines for a person. */
export function tableOf(rows: readonly KindRow[]): string {
  const line = (cells: readonly (string | number)[]): string =>
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(18) : String(cell).padStart(10))).join(' ');
  return [
    line(['text on the wall', 'least px', 'reference', 'texts']),
    ...rows.map(row =>
      `${line([row.kind, row.least_px, row.reference_px, row.texts])}  ${row.isFine ? '' : `TOO SMALL: "${row.smallest}" (${row.wall})`}`.trimEnd(),
    ),
  ].join('\n');
}
