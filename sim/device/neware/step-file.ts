import type { CyclerProgram, CyclerStep, Drive, Protection, RecordRule, StepEnd } from '../cycler/program.ts';

/**
 * Reads a step file of Neware BTS 8 as the cycler does: 0.1 mV, ms, mA, mA s; kinds of steps by number. Written from what
 * EmpaEconversion/aurora-unicycler says of the format; attributes it does not know are passed over.
 */

/** The tree of a step file: names, their Value, what is inside. */
interface Node {
  readonly name: string;
  readonly value: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly inside: Node[];
}

function treeOf(xml: string): Node {
  const root: Node = { name: '', value: Number.NaN, attributes: {}, inside: [] };
  const open: Node[] = [root];
  for (const [, close, name, attributes, isEmpty] of xml.matchAll(
    /<(?:\/(\w+)|([A-Za-z]\w*)((?:\s+\w+="[^"]*")*)\s*(\/)?)>/g,
  )) {
    if (close !== undefined) {
      if (open.pop()?.name !== close) throw new Error(`</${close}> without its begin`);
      continue;
    }
    const own = Object.fromEntries(
      [...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text]),
    );
    const node: Node = { name, value: Number(own['Value'] ?? Number.NaN), attributes: own, inside: [] };
    open.at(-1)?.inside.push(node);
    if (isEmpty === undefined) open.push(node);
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> without its end`);
  return root;
}

function find(node: Node, ...path: readonly string[]): Node | undefined {
  let at: Node | undefined = node;
  for (const name of path) at = at?.inside.find(child => child.name === name);
  return at;
}

/** The value of an element inside in another unit; undefined where there is none. */
function of(node: Node | undefined, name: string, factor: number): number | undefined {
  const value = node?.inside.find(child => child.name === name)?.value;
  return value === undefined || Number.isNaN(value) ? undefined : value * factor;
}

const V = 1e-4;
const S = 1e-3;
const A = 1e-3;
const known = <T extends object>(all: Readonly<Record<string, number | undefined>>): T =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as T;

/** @throws Error with what is no step file, or a step that this cycler does not know */
export function readStepFile(xml: string): CyclerProgram {
  const config = find(treeOf(xml), 'root', 'config');
  if (config?.attributes['type'] !== 'Step File') throw new Error('no step file');
  const main = find(config, 'Whole_Prt', 'Protect', 'Main');
  const record = find(config, 'Whole_Prt', 'Record', 'Main');
  const steps = (find(config, 'Step_Info')?.inside ?? []).map(stepOf);
  if (steps.length === 0) throw new Error('no steps');
  return {
    steps,
    record: known<RecordRule>({
      time_s: of(record, 'Time', S),
      voltage_V: of(record, 'Volt', V),
      current_A: of(record, 'Curr', A),
    }),
    protection: {
      ...known<Partial<Protection>>({
        voltageMax_V: of(find(main ?? config, 'Volt'), 'Upper', V),
        voltageMin_V: of(find(main ?? config, 'Volt'), 'Lower', V),
        currentMax_A: of(find(main ?? config, 'Curr'), 'Upper', A),
        currentMin_A: of(find(main ?? config, 'Curr'), 'Lower', A),
      }),
      delay_s: of(main, 'Delay_Time', S) ?? 0,
    },
  };
}

function stepOf(node: Node, index: number): CyclerStep {
  const type = Number(node.attributes['Step_Type']);
  const main = find(node, 'Limit', 'Main');
  const next = index + 1;
  const number = Number(node.attributes['Step_ID']);
  const time_s = of(main, 'Time', S);
  const bound: readonly StepEnd[] =
    time_s === undefined ? [] : [{ of: 'time', is: 'at least', value: time_s, to: next }];
  const step = (kind: string, drive: Drive, ends: readonly StepEnd[]): CyclerStep => ({
    is: 'step',
    number,
    kind,
    drive,
    ends: [...ends, ...bound],
  });
  switch (type) {
    case 1:
    case 2: {
      const sign = type === 1 ? 1 : -1;
      const stop_V = of(main, 'Stop_Volt', V);
      const ends: readonly StepEnd[] =
        stop_V === undefined
          ? []
          : [{ of: 'voltage', is: sign > 0 ? 'at least' : 'at most', value: stop_V, to: next }];
      return step(
        sign > 0 ? 'cc' : 'dc',
        { is: 'current', current_A: sign * must(of(main, 'Curr', A)) },
        ends,
      );
    }
    case 3:
    case 19: {
      const stop_A = of(main, 'Stop_Curr', A);
      const largest_A = of(main, 'Curr', A);
      const voltage_V = must(of(main, 'Volt', V));
      const drive: Drive =
        largest_A === undefined
          ? { is: 'voltage', voltage_V }
          : { is: 'current', current_A: type === 3 ? largest_A : -largest_A, limit_V: voltage_V };
      const ends: readonly StepEnd[] =
        stop_A === undefined ? [] : [{ of: 'current', is: 'at most', value: stop_A, to: next }];
      return step('cv', drive, ends);
    }
    case 4:
      return step('rest', { is: 'rest' }, []);
    case 5: {
      const other = find(node, 'Limit', 'Other');
      return {
        is: 'loop',
        to: must(of(other, 'Start_Step', 1)) - 1,
        times: must(of(other, 'Cycle_Count', 1)),
      };
    }
    case 6:
      return { is: 'end' };
    default:
      throw new Error(`step ${number}: type ${type} is not known`);
  }
}

function must(value: number | undefined): number {
  if (value === undefined) throw new Error('a value is missing');
  return value;
}
