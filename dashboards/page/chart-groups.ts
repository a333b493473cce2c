import type { Trend } from './trends.ts';
import { language, words } from './words/language.ts';
import { roleWords } from './words/roles/role-words.ts';

/** Trends that are read together, drawn in one chart with at most two units. */
export interface ChartGroup {
  readonly title: string;
  readonly roles: readonly string[];
}

const TITLES: readonly (readonly [title: string, belongs: RegExp])[] = [
  ['Current and voltage', /^stack\.(current|voltage)_/],
  ['Cell current', /^cell\.current/],
  ['Power', /^(stack|cell)\.power/],
  ['Cell voltage', /^cell\.voltage/],
  ['Electrodes', /^cell\.(negative|positive)Potential/],
  ['Pressure', /pressure/i],
  ['Gas purity', /^(o2\.h2|h2\.o2|mix\.(h2|o2))_/],
  ['Temperature', /temperature/i],
  ['Flow', /flow/i],
];

/** Sorts trends into charts, known groups first; what no group claims is drawn by unit. */
export function chartGroups(trends: readonly Trend[]): readonly ChartGroup[] {
  const groups = new Map<string, string[]>(TITLES.map(([title]) => [title, []]));
  for (const { role, unit } of trends) {
    const title =
      twinTitle(role, unit) ?? TITLES.find(([, belongs]) => belongs.test(role))?.[0] ?? `Other, ${unit}`;
    const roles = groups.get(title) ?? [];
    roles.push(role);
    groups.set(title, roles);
  }
  return [...groups].filter(([, roles]) => roles.length > 0).map(([title, roles]) => ({ title, roles }));
}

/** What the twin beside the bench says has charts of its own: it is no reading. */
function twinTitle(role: string, unit: string): string | undefined {
  if (role.startsWith('residual.')) return `Measured minus predicted, ${unit}`;
  return role.startsWith('predicted.') ? `Predicted by the twin, ${unit}` : undefined;
}

/** Unit on the page and the factor to it: stack power is watched in kW, whatever the channel has. */
export function shownUnit({ role, unit }: { readonly role: string; readonly unit: string }): {
  readonly unit: string;
  readonly factor: number;
} {
  return unit === 'W' && role.startsWith('stack.') ? { unit: 'kW', factor: 0.001 } : { unit, factor: 1 };
}

/** A title of a chart in the language that is shown; of `Other, V` the unit stays. */
export function titleWords(title: string): string {
  const [name, ...unit] = title.split(', ');
  return [words().charts.titles[name] ?? name, ...unit].join(', ');
}

/** The chart's title says the rest: under "Cell voltage" the entries are min, mean, max. */
export function shortText(trend: Trend, title: string): string {
  const text = roleWords(trend.role, trend.unit);
  // What is left out below is English.
  if (language() !== 'en') return text;
  if (title === 'Cell voltage') return text.replace(/^cell voltage /, '');
  if (title === 'Pressure' || title === 'Temperature') return text.replace(` ${title.toLowerCase()}`, '');
  return text.replace(/^(stack|residual|predicted) /, '');
}
