import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listedMethods } from '../../../../control/program/commands/language/methods.ts';
import { loadNight, rehearseOnce } from '../../../../control/program/rehearse/rehearse-once.ts';
import { numberName } from '../../../../profiles/language/methods/cell/account.ts';
import { EVALUATIONS } from '../../../../profiles/language/methods/index.ts';
import { ECM_SETS } from '../../../../sim/plant/ecm/parameters.ts';

/** Battery methods on a fast twin: its figures against what the twin is made of. Over many seeds: tests/validate/methods. */

const dir = mkdtempSync(join(tmpdir(), 'cell-figures-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const EXAMPLE = 'examples/cell-cycling';
const bench = join(dir, 'bench.yaml');
const text = readFileSync(join(EXAMPLE, 'bench.yaml'), 'utf8');
writeFileSync(bench, text.replace('plant: spme', 'plant: ecm'));
cpSync(join(EXAMPLE, 'cycler-nodes.yaml'), join(dir, 'cycler-nodes.yaml'));

const set = ECM_SETS.find(({ name }) => name === 'chen2020') ?? ECM_SETS[0];

function between(x: readonly number[], y: readonly number[], at: number): number {
  const i = Math.max(
    1,
    x.findIndex(v => v >= at),
  );
  return y[i - 1] + ((y[i] - y[i - 1]) * (at - x[i - 1])) / (x[i] - x[i - 1]);
}

const openCircuit_V = (soc: number): number => between(set.openCircuitSoc_frac, set.openCircuit_V, soc);

const GAS_J_PER_MOL_K = 8.314;
const KELVIN = 298.15;

/** Of the circuit at half charge and 25 degC: resistances, what the pulse's charge and its heat move, mOhm. */
function resistance_mOhm(at_s: number, current_A: number): number {
  const k = set.elementSoc_frac.indexOf(0.5);
  const rc = (r: number, tau_s: number): number => r * (1 - Math.exp(-at_s / tau_s));
  const moved = (current_A * at_s) / 3600 / set.capacity_Ah;
  const slow = rc(set.r1_Ohm[k], set.tau1_s[k]) + rc(set.r2_Ohm[k], set.tau2_s[k]);
  const warmer_K = (current_A ** 2 * set.r0_Ohm[k] * at_s) / set.heat.cell_J_per_K;
  const less = (set.activation_J_per_mol / GAS_J_PER_MOL_K / KELVIN ** 2) * warmer_K;
  const ohm = set.r0_Ohm[k] * (1 - less) + slow * (1 - less / 2);
  return 1000 * (ohm + (openCircuit_V(0.5 + moved) - openCircuit_V(0.5)) / current_A);
}

interface Case {
  readonly method: string;
  readonly with?: string;
  readonly truths: Readonly<Record<string, number>>;
}

/** The circuit has no side reaction: what goes in comes out, nothing fades, nothing leaks. */
const CASES: readonly Case[] = [
  { method: 'capacity-check', with: 'rate_C: 1, rest_min: 5', truths: { 'coulombic-efficiency': 100 } },
  {
    method: 'cycle-life',
    with: 'charge_C: 1, every_count: 1, blocks_count: 1, check_C: 1, rest_min: 5',
    truths: { retention: 100 },
  },
  {
    method: 'dcir',
    with: 'rest_min: 90',
    truths: {
      'discharge-resistance-10s': resistance_mOhm(10, -5),
    },
  },
];

let runs = 0;

async function figuresOf({ method, with: given }: Case) {
  const path = join(dir, `${method}.yaml`);
  const call = given === undefined ? `call: ${method}` : `call: ${method}, with: { ${given} }`;
  writeFileSync(path, `method: try\nversion: 2\nsteps:\n- { ${call} }\n`);
  const night = loadNight({ bench, method: path, seed: 3 });
  runs += 1;
  const out = join(dir, `run-${runs}`);
  mkdirSync(out);
  const { result, record } = await rehearseOnce(night, out, 3);
  record.close();
  expect(result.verdict).toBe('completed');
  return result.kpis.filter(({ phase }) => phase === method);
}

describe('battery methods on the circuit of a cell', () => {
  it.each(CASES)('$method holds the truth in its uncertainty', { timeout: 120_000 }, async one => {
    const figures = await figuresOf(one);
    for (const [id, truth] of Object.entries(one.truths)) {
      const { value = null, u95 = 0 } = figures.find(f => f.id === id) ?? {};
      expect(value, id).not.toBeNull();
      expect(Math.abs((value ?? 0) - truth), `${id}: ${value} +- ${u95}, true ${truth}`).toBeLessThanOrEqual(
        u95,
      );
    }
  });

  it('a formation of a cell that holds charge has no first-cycle efficiency', {
    timeout: 120_000,
  }, async () => {
    const figures = await figuresOf({
      method: 'formation',
      with: 'rate_C: 2/3, cycles_count: 1, rest_min: 1',
      truths: {},
    });
    const first = figures.find(f => f.id === 'first-cycle-efficiency');
    expect(first?.value).toBeNull();
    expect(first?.definition).toContain('was not empty');
  });
});

describe('the name of a figure at a level', () => {
  it.each([
    [-1.37e-11, '0pct'],
    [-0, '0pct'],
    [69.96, '70pct'],
    [0.5, '0.5pct'],
  ])('%d is %s', (value, name) => expect(numberName(value, 'pct')).toBe(name));
});

describe('the list of built-in methods', () => {
  it('says every parameter with its unit and every figure with its unit and meaning', () => {
    const methods = listedMethods();
    expect(methods.map(({ method }) => method)).toEqual(expect.arrayContaining(Object.keys(EVALUATIONS)));
    for (const { doc, parameters, figures } of methods) {
      expect(doc).not.toBe('');
      for (const { name, unit } of parameters) expect(unit, name).not.toBe('');
      for (const { unit, doc: what } of figures) expect(unit === '' || what === '').toBe(false);
    }
  });
});
