import {
  type Amount,
  leavesOf,
  type PlainEnd,
  type PlainLoop,
  type PlainMethod,
  type PlainNode,
  type PlainStep,
} from '../plain-step.ts';
import {
  directionOf,
  isTheWayOf,
  noSuchEnd,
  ofEitherSign,
  timeOf,
  untilAt,
  type Writing,
  withoutCccv,
} from './parts.ts';

/**
 * Writes a PyBaMM experiment (pybamm-team/PyBaMM, `experiment/step/steps.py`): its sentences, and its functions where a
 * step ends in several ways. In the functions discharge is positive.
 */

/** @throws LanguageError of what PyBaMM cannot say */
export function writePybamm(method: PlainMethod, writing: Writing): string {
  const { record } = method;
  const { ledger, source } = writing;
  if (record?.voltage_V !== undefined || record?.current_A !== undefined)
    ledger.differ(record.at, 'change is left out: only a period is known there');
  const steps = withoutCccv(method.steps);
  const temperatures = new Set([...leavesOf(steps)].map(leaf => leaf.temperature_degC));
  const [common] = temperatures.size === 1 ? temperatures : [undefined];
  const text = (step: PlainStep): string => stepText(step, common, writing);
  const more = [
    ...(record?.every_s === undefined ? [] : [`period="${timeText(record.every_s)}"`]),
    ...(common === undefined ? [] : [`temperature="${common} oC"`]),
  ];
  return [
    `# ${method.name.replaceAll(/\s+/g, ' ')}, made by cellbench of ${source.path.split('/').at(-1)}`,
    'import pybamm',
    '',
    'experiment = pybamm.Experiment(',
    `    ${listText(steps, text, '    ')},`,
    ...more.map(argument => `    ${argument},`),
    ')',
    '',
  ].join('\n');
}

type TextOf = (step: PlainStep) => string;

/** Steps as a list; loops are `[...] * n`, one round of plain steps is one cycle, `(...)`. */
function listText(nodes: readonly PlainNode[], text: TextOf, margin: string): string {
  const parts: string[] = [];
  let items: string[] = [];
  const close = (): void => {
    if (items.length > 0) parts.push(`[\n${items.map(item => `${margin}    ${item},\n`).join('')}${margin}]`);
    items = [];
  };
  for (const node of nodes) {
    if (node.kind !== 'loop') items.push(text(node));
    else if (node.times === 1 && isPlain(node)) items.push(cycleText(node, text));
    else {
      close();
      const inside = isPlain(node) ? `[${cycleText(node, text)}]` : `(${listText(node.steps, text, margin)})`;
      parts.push(node.times === 1 ? inside : `${inside} * ${node.times}`);
    }
  }
  close();
  return parts.length === 0 ? '[]' : parts.join(` + `);
}

function isPlain({ steps }: PlainLoop): boolean {
  return steps.every(step => step.kind !== 'loop');
}

function cycleText({ steps }: PlainLoop, text: TextOf): string {
  const inside = steps.flatMap(step => (step.kind === 'loop' ? [] : [text(step)]));
  return `(${inside.join(', ')},)`;
}

function stepText(step: PlainStep, common_degC: number | undefined, { ledger }: Writing): string {
  const { ends, temperature_degC, record } = step;
  for (const end of ends) {
    if (end.quantity === 'current' && end.is === 'above')
      throw noSuchEnd(ledger, step, 'a voltage, or by a current that has become small');
    ofEitherSign(end, step, untilAt(step), ledger);
  }
  if (record?.voltage_V !== undefined || record?.current_A !== undefined)
    ledger.differ(record.at, 'change is left out: only a period is known there');
  const own_degC = temperature_degC === common_degC ? undefined : temperature_degC;
  const warmth = own_degC === undefined ? [] : [`temperature="${own_degC} oC"`];
  const isNothing = step.kind === 'cc' && step.current?.value === 0;
  if (ends.length > 1 || isNothing) return callText(step, warmth);
  const sentence = JSON.stringify(sentenceOf(step));
  return warmth.length === 0 ? sentence : `pybamm.step.string(${[sentence, ...warmth].join(', ')})`;
}

function sentenceOf(step: PlainStep): string {
  const { ends, record } = step;
  const time = timeOf(step);
  const [end] = ends;
  const period = record?.every_s === undefined ? [] : [`(${timeText(record.every_s)} period)`];
  const last = [
    ...(time === undefined ? [] : [`for ${timeText(time)}`]),
    ...(end === undefined ? [] : [`until ${endText(end, step)}`]),
  ];
  return [instruction(step), last.join(' or '), ...period].join(' ');
}

function instruction(step: PlainStep): string {
  const { kind, current, voltage_V = 0, power_W = 0, resistance_Ohm = 0 } = step;
  if (kind === 'rest') return 'Rest';
  if (kind === 'cv') return `Hold at ${voltage_V} V`;
  const word = directionOf(step) > 0 ? 'Charge' : 'Discharge';
  if (kind === 'cp') return `${word} at ${Math.abs(power_W)} W`;
  if (kind === 'cr') return `${word} at ${resistance_Ohm} Ohm`;
  return `${word} at ${sizeText(current ?? { value: 0, unit: 'A' })}`;
}

/** As a function, whose values count discharge positive. */
function callText(step: PlainStep, warmth: readonly string[]): string {
  const { kind, current, voltage_V = 0, power_W = 0, resistance_Ohm = 0, ends, record } = step;
  const [name, value] =
    kind === 'rest'
      ? ['current', 0]
      : kind === 'cv'
        ? ['voltage', voltage_V]
        : kind === 'cp'
          ? ['power', -power_W]
          : kind === 'cr'
            ? ['resistance', resistance_Ohm]
            : [current?.unit === 'C' ? 'c_rate' : 'current', -(current?.value ?? 0)];
  const time = timeOf(step);
  const all = [
    String(value === 0 ? 0 : value),
    ...(time === undefined ? [] : [`duration="${timeText(time)}"`]),
    ...(ends.length === 0 ? [] : [`termination=[${ends.map(end => `"${endText(end, step)}"`).join(', ')}]`]),
    ...(record?.every_s === undefined ? [] : [`period="${timeText(record.every_s)}"`]),
    ...warmth,
  ];
  return `pybamm.step.${name}(${all.join(', ')})`;
}

/** A voltage without a sign is met the way of the current; any other needs one. */
function endText(end: PlainEnd, step: PlainStep): string {
  if (end.quantity === 'current') return sizeText(end.amount);
  const sign = isTheWayOf(end, step) ? '' : end.is === 'above' ? '> ' : '< ';
  return `${sign}${end.amount.value} V`;
}

/** `C/3`, `0.7C`, `1.5 A`. */
function sizeText({ value, unit }: Amount): string {
  const size = Math.abs(value);
  if (unit !== 'C') return `${size} ${unit}`;
  const part = Math.round(1 / size);
  return part > 1 && Math.abs(1 / part - size) < 1e-11 * size ? `C/${part}` : `${size}C`;
}

function timeText(time_s: number): string {
  const units = [
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  const [unit, s] = units.find(([, each]) => time_s % each === 0) ?? ['second', 1];
  const count = time_s / s;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
