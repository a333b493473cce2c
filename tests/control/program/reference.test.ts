import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { referencePages } from '../../../control/program/build/reference/pages.ts';
import { driverIds } from '../../../drivers/registry.ts';
import { FUNCTION_NAMES } from '../../../profiles/language/expression/functions.ts';
import { builtInNames } from '../../../profiles/language/methods/built-in.ts';
import { EVALUATIONS } from '../../../profiles/language/methods/index.ts';
import { STEP_KINDS } from '../../../profiles/language/steps/index.ts';
import { QUANTITIES } from '../../../profiles/language/units/table.ts';
import { FAULT_KINDS } from '../../../sim/fault-kinds.ts';

/** The reference in docs/reference/: fresh, whole, and with words for every key. */

const FOLDER = 'docs/reference';
const pages = referencePages();

describe('the reference', () => {
  it.each(Object.entries(pages))('%s is what the source says (npm run docs)', (name, text) => {
    expect(readFileSync(`${FOLDER}/${name}`, 'utf8')).toBe(text);
  });

  it('has no page that nobody makes', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(pages).sort());
  });

  it('names every kind, function, unit and driver', () => {
    const { 'language.md': language, 'units.md': units, 'drivers.md': drivers } = pages;
    const missing = [
      ...STEP_KINDS.filter(kind => !language.includes(`\n### ${kind.key}\n`)).map(kind => kind.key),
      ...FUNCTION_NAMES.filter(name => !language.includes(`\`${name}(`)),
      ...QUANTITIES.flatMap(q => q.units.map(unit => unit.text)).filter(
        unit => !units.includes(`\`${unit}\``),
      ),
      ...driverIds.filter(id => !drivers.includes(`\n## ${id}\n`)),
    ];
    expect(missing).toEqual([]);
  });

  it('has every built-in method with all its parameters and figures', () => {
    for (const name of builtInNames()) expect(pages['methods.md']).toContain(`\n## ${name}\n`);
    for (const { figures } of Object.values(EVALUATIONS))
      for (const { id } of figures) expect(pages['methods.md']).toContain(`| \`${id}\` |`);
  });

  it('has every kind of fault with where and the size that it has if nothing is said', () => {
    const { 'faults.md': faults } = pages;
    expect(FAULT_KINDS.filter(kind => !faults.includes(`| \`${kind}\` |`))).toEqual([]);
    expect(faults).toContain('| `pinhole` | pinhole, membrane | mm2 (0.01) |');
    expect(faults).toContain('| `cell[n].short_pct` | pem');
  });

  it.each(['language.md', 'bench.md', 'drivers.md'])('%s has words for every key', name => {
    const rows = pages[name].split('\n').filter(line => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter(line => / \|\s*\|$/.test(line))).toEqual([]);
  });

  it('has every role that an example bench measures on its twin', () => {
    const benches = readdirSync('examples')
      .map(name => `examples/${name}/bench.yaml`)
      .filter(path => existsSync(path))
      .map(path => readFileSync(path, 'utf8'));
    const roles = benches.flatMap(text => [
      ...text.matchAll(/role: '?((?:cell|stack|cathode|tank)\.[\w]+(?:\[\])?)/g),
    ]);
    expect(roles.length).toBeGreaterThan(40);
    const missing = roles.map(([, role]) => role).filter(role => !pages['roles.md'].includes(`\`${role}\``));
    expect([...new Set(missing)]).toEqual([]);
  });

  it('links only to what is there', () => {
    for (const [name, text] of Object.entries(pages)) {
      for (const [, to] of text.matchAll(/\]\(([\w./]+\.md)\)/g))
        expect(() => readFileSync(`${FOLDER}/${to}`), `${name} -> ${to}`).not.toThrow();
    }
  });
});
