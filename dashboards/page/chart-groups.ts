import type { Trend } from './trends.ts';

/** Trends that are read together, drawn in one chart with at most two units. */
export interface ChartGroup {
  readonly title: string;
  readonly roles: readonly string[];
}

const TITLES: readonly (readonly [title: string, belongs: RegExp])[] = [
  ['Current and voltage', /^stack\.(current|voltage)_/],
  ['Power', /^stack\.power/],
  ['Cell voltage', /^cell\.voltage/],
  ['Pressure', /pressure/i],
  ['Gas purity', /^(o2\.h2|h2\.o2)_/],
  ['Temperature', /temperature/i],
  ['Flow', /flow/i],
];

/** Sorts trends into charts, known groups first; what no group claims is drawn by unit. */
export function chartGroups(trends: readonly Trend[]): readonly ChartGroup[] {
  const groups = new Map<string, string[]>(TITLES.map(([title]) => [title, []]));
  for (const { role, unit } of trends) {
    const title = TITLES.find(([, belongs]) => belongs.test(role))?.[0] ?? `Other, ${unit}`;
    const roles = groups.get(title) ?? [];
    roles.push(role);
    groups.set(title, roles);
  }
  return [...groups].filter(([, roles]) => roles.length > 0).map(([title, roles]) => ({ title, roles }));
}

/** Unit on the page and the factor to it: stack power is watched in kW, whatever the channel has. */
export function shownUnit(unit: string): { readonly unit: string; readonly factor: number } {
  return unit === 'W' ? { unit: 'kW', factor: 0.001 } : { unit, factor: 1 };
}
