import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkExpression, type Expected } from '../../../profiles/language/expression/check.ts';
import { parseExpression } from '../../../profiles/language/expression/parse.ts';
import { ExpressionError } from '../../../profiles/language/expression/problem.ts';
import { Slots, type Tree } from '../../../profiles/language/expression/tree.ts';
import type { Names } from '../../../profiles/language/expression/typed.ts';
import { unitNamed } from '../../../profiles/language/units/unit.ts';

function expectedOf(kind: string): Expected {
  if (kind === 'if') return { kind: 'condition' };
  const unit = unitNamed(kind.replace('list ', ''));
  if (unit === undefined) throw new Error(`no unit ${kind}`);
  return { kind: kind.startsWith('list ') ? 'list' : 'quantity', unit };
}

/** `A - B` with the names of the slots: what the checker made of the text. */
function shown(tree: Tree, names: readonly string[]): string {
  const part = (node: Tree): string => shown(node, names);
  if (tree.op === 'value') return String(tree.value);
  if (tree.op === 'slot' || tree.op === 'switch') return names[tree.slot];
  if (tree.op === 'list') return `${tree.isReversed ? 'reverse ' : ''}${names[tree.slot]}`;
  if ('slot' in tree) return `${tree.op}(${names[tree.slot]})`;
  if (tree.op === 'clamp') return `clamp(${part(tree.a)}, ${part(tree.low)}, ${part(tree.high)})`;
  if ('clock' in tree) return `${tree.op}(${part(tree.low)}, ${part(tree.high)}, ${part(tree.period)})`;
  if (tree.op === 'h2_mol')
    return `h2_mol(${part(tree.pressure)}, ${part(tree.temperature)}, ${part(tree.volume)})`;
  if ('time' in tree) return `${tree.op}(${part(tree.a)}, ${part(tree.time)})`;
  if ('b' in tree) return `(${part(tree.a)} ${tree.op} ${part(tree.b)})`;
  return `${tree.op}(${part(tree.a)})`;
}

function checked(kind: string, text: string, names?: Names): string {
  const slots = new Slots();
  const options = names === undefined ? { slots } : { slots, names };
  const { tree } = checkExpression(text, parseExpression(text), expectedOf(kind), options);
  expect(JSON.parse(JSON.stringify(tree))).toEqual(tree);
  return shown(tree, slots.names);
}

describe('an expression', () => {
  it.each([
    ['C', '1/2', '0.5'],
    ['C', '-rate_C', 'negate(rate_C)'],
    ['h', '1.5 / rate_C', '(1.5 / rate_C)'],
    ['min', '1.5 / rate_C', '((1.5 / rate_C) * 60)'],
    ['h', 'plated_mAh_per_cm2 / j_mA_per_cm2', '(plated_mAh_per_cm2 / j_mA_per_cm2)'],
    ['A', 'x_mA + 5 A', '((x_mA + 5000) / 1000)'],
    ['if', 'cell.current_C < 1/20', '(cell.current_C < 0.05)'],
    ['if', 'cell.voltage_V < 9 mV', '(cell.voltage_V < 0.009)'],
    ['if', '9 mV < cell.voltage_V', '(0.009 < cell.voltage_V)'],
    ['if', 'cell.voltage_mV < 2 V', '(cell.voltage_mV < 2000)'],
    ['if', 'a_V < b_mV', '(a_V < (b_mV / 1000))'],
    [
      'if',
      'abs(slope(cell.voltage_V, 10 min)) < 3.6 mV_per_h',
      '(abs(slope(cell.voltage_V, 600)) < 0.000001)',
    ],
    [
      'if',
      'abs(chamber.temperature_degC - 25) < 1 for 30 min',
      'held((abs((chamber.temperature_degC - 25)) < 1), 1800)',
    ],
    ['if', 'chamber.temperature_degC > -5', '(chamber.temperature_degC > -5)'],
    ['if', 'chamber.temperature_degC > -5 degC', '(chamber.temperature_degC > -5)'],
    ['degC', 'chamber.temperature_degC + 5 K', '(chamber.temperature_degC + 5)'],
    ['degC', '5 K + chamber.temperature_degC', '(5 + chamber.temperature_degC)'],
    ['K', 'a_degC - b_degC', '(a_degC - b_degC)'],
    ['bara', 'cathode.pressure_barg', '(cathode.pressure_barg + 1.01325)'],
    [
      'bar',
      'cathode.pressure_bara - cathode.pressure_barg',
      '(cathode.pressure_bara - (cathode.pressure_barg + 1.01325))',
    ],
    ['A', 'least_A_per_bar * cathode.pressure_bara', '(least_A_per_bar * cathode.pressure_bara)'],
    ['pct', 'pct(wind.power_MW / 3400 kW)', '(((wind.power_MW / 3400) * 1000) * 100)'],
    [
      'pct',
      '75 pct + 125 pct_per_Hz * clamp(grid.frequency_Hz - 50, -0.2, 0.2)',
      '(75 + (125 * clamp((grid.frequency_Hz - 50), -0.2, 0.2)))',
    ],
    ['degC', 'triangle(10, 40, 12 h)', 'triangle(10, 40, 43200)'],
    ['V', 'a_V + sine(1, 2, period_min)', '(a_V + sine(1, 2, (period_min * 60)))'],
    ['if', 'x_on and not y_on or z_on', '((x_on and not(y_on)) or z_on)'],
    ['if', 'x_on == off', '(x_on == 0)'],
    ['if', 'round.count == 3', '(round.count == 3)'],
    ['V', 'round.count * 5 mV', '((round.count * 5) / 1000)'],
    ['if', 'max(cell.voltage_V) > 2.2 for hold_s', 'held((highest(cell.voltage_V) > 2.2), hold_s)'],
    ['if', 'spread(chamber.temperature_degC) > 2', '(spread(chamber.temperature_degC) > 2)'],
    ['V', 'max(a_V, 500 mV)', '(a_V max 0.5)'],
    ['mV', 'change(stack.voltage_V, run)', '(change(stack.voltage_V) * 1000)'],
    ['if', 'exp(a_V / b_mV) < 2', '(exp(((a_V / b_mV) * 1000)) < 2)'],
    ['V', 'sqrt(a_V * b_V)', 'sqrt((a_V * b_V))'],
    [
      'mol',
      'h2_mol(tank.pressure_barg, 300 K - 0 K + t_degC, 500 mL)',
      'h2_mol((tank.pressure_barg + 1.01325), (300 + t_degC), 0.5)',
    ],
    ['list A', 'loads_A', 'loads_A'],
    ['list mA', 'reverse(loads_A)', 'reverse loads_A'],
    ['if', 'known(cell.soc_pct) and cell.soc_pct < 5', '(known(cell.soc_pct) and (cell.soc_pct < 5))'],
    ['if', '(((a_V))) < (1)', '(a_V < 1)'],
    ['if', 'a_V - b_V - c_V < 1', '(((a_V - b_V) - c_V) < 1)'],
    ['if', 'a_V < b_V * 2 / 3', '(a_V < ((b_V * 2) / 3))'],
    ['NL_per_min', 'h2.flow_NL_per_h', '(h2.flow_NL_per_h / 60)'],
  ])('in %s: %s', (kind, text, tree) => {
    expect(checked(kind, text)).toBe(tree);
  });

  it('knows arrays from single values where the bench says so', () => {
    const names: Names = {
      find: name => {
        const unit = unitNamed('V');
        return unit === undefined ? { wrong: 'no unit' } : { unit, isArray: name === 'cell.voltage_V' };
      },
    };
    expect(checked('V', 'mean(cell.voltage_V)', names)).toBe('mean(cell.voltage_V)');
    expect(() => checked('if', 'cell.voltage_V > 2', names)).toThrow(
      '"cell.voltage_V" is a list in V and cannot be compared: use min, max, mean or spread',
    );
  });
});

describe('a refused expression', () => {
  const blocks = readFileSync(new URL('refused.txt', import.meta.url), 'utf8')
    .split('\n\n')
    .filter(block => block !== '' && !block.startsWith('#'))
    .map(block => block.split('\n'));

  it('stands in the table often enough', () => {
    expect(blocks.length).toBeGreaterThan(100);
  });

  it.each(blocks.map(([head, mark, message]) => [head, mark, message.trim()]))(
    '%s',
    (head, mark, message) => {
      const [kind, text] = head.split(' | ');
      let error: unknown;
      try {
        checked(kind, text ?? '');
      } catch (found) {
        error = found;
      }
      if (!(error instanceof ExpressionError)) throw error ?? new Error('accepted');
      const marked = `${' '.repeat(kind.length + 3 + error.start)}${'^'.repeat(Math.max(1, error.end - error.start))}`;
      expect([marked, error.message]).toEqual([mark, message]);
    },
  );
});
