import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadBench } from '../../../control/bench/bench-file.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { type Language, speak } from '../../../dashboards/page/words/language.ts';
import { differenceUnit, localUnit } from '../../../dashboards/page/words/number.ts';
import { ROLES_DE } from '../../../dashboards/page/words/roles/de.ts';
import { ROLES_JA } from '../../../dashboards/page/words/roles/ja.ts';
import { roleName, roleWords } from '../../../dashboards/page/words/roles/role-words.ts';

/** What a bench measures has words in every language of the page. */

const EXAMPLES = new URL('../../../examples/', import.meta.url).pathname;
const benches = readdirSync(EXAMPLES).filter(name => existsSync(join(EXAMPLES, name, 'bench.yaml')));

afterEach(() => speak('en'));

describe.each(benches)('examples/%s', name => {
  const file = join(EXAMPLES, name, 'bench.yaml');
  const { subjects } = parse(readFileSync(file, 'utf8')) as { subjects?: object };
  const names = subjects === undefined ? [undefined] : Object.keys(subjects);
  const roles = new Set(
    names.flatMap(subject => Object.keys(loadBench(file, describeDevice, subject).bench.roles)),
  );

  it('has words for each role in German and Japanese', () => {
    const bare = [...roles].map(role => role.replace('[]', ''));
    const known = (table: Readonly<Record<string, string>>) => (role: string) =>
      role in table || role.replace(/Set(?=_)/, '') in table;
    expect(bare.filter(role => !known(ROLES_DE)(role))).toEqual([]);
    expect(bare.filter(role => !known(ROLES_JA)(role))).toEqual([]);
  });

  it.each(['de', 'ja'] as const)('says none of them in English or with its unit (%s)', language => {
    speak(language);
    for (const role of roles) expect(roleName(role), role).not.toMatch(/_|\bvoltage|pressure|flow/);
  });
});

const ROLES: readonly (readonly [Language, string, string, string])[] = [
  ['en', 'cathode.pressure_barg', 'barg', 'cathode pressure'],
  ['de', 'cell.voltage_V[].min', 'V', 'Zellspannung min'],
  ['de', 'stack.currentSet_A', 'A', 'Stackstrom, Soll'],
  ['ja', 'stack.currentSet_A', 'A', 'スタック電流設定値'],
  ['de', 'dryer.dewPoint_degC', 'degC', 'Taupunkt dryer'],
  ['ja', 'dryer.dewPoint_degC', 'degC', 'dryer露点'],
  ['de', 'dryer.odd_degC', 'degC', 'dryer odd'],
  ['ja', 'fuel.level_pct', 'pct', '燃料ガス液位'],
];
it.each(ROLES)('%s %s is "%s %s"', (language, role, unit, words) => {
  speak(language);
  expect(roleWords(role, unit)).toBe(words);
  expect(roleName(role)).toBe(words);
});

it('a unit is written as the language does; of a difference it is bar and K', () => {
  expect(['vol_pct', 'barg', 'NL_per_min'].map(localUnit)).toEqual(['vol %', 'bar(g)', 'NL/min']);
  expect(['barg', 'barg/min', 'degC', 'degC/min', 'V', 'bar'].map(differenceUnit)).toEqual([
    'bar',
    'bar/min',
    'K',
    'K/min',
    'V',
    'bar',
  ]);
  speak('de');
  expect(localUnit('vol_pct')).toBe('Vol.-%');
});
