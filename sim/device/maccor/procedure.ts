import type { CyclerProgram, CyclerStep, Drive, RecordRule, StepEnd } from '../cycler/program.ts';

/**
 * Reads a procedure as a Maccor tester does. Written from the procedures in TRI-AMDD/beep `protocol/procedure_templates/`:
 * steps count from 1, each end names the step that follows, a loop goes back to its Do until its counter is there. Voltage
 * ends compare the voltage, current ends its size.
 */

const one = (text: string, name: string): string =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]?.trim() ?? '';

/** `hh:mm:ss` with parts of a second. */
function seconds(text: string): number {
  const [h, m, s] = text.split(':').map(Number);
  return 3600 * h + 60 * m + s;
}

/** @throws Error with what is no procedure, or a step that this tester does not know */
export function readProcedure(xml: string): CyclerProgram {
  if (!xml.includes('<MaccorTestProcedure>')) throw new Error('no procedure');
  const texts = [...xml.matchAll(/<TestStep>([\s\S]*?)<\/TestStep>/g)].map(([, step]) => step);
  if (texts.length === 0) throw new Error('a procedure without steps');
  const dos = new Map<string, number>();
  const steps = texts.map((text, index): CyclerStep => {
    const [type, level = ''] = one(text, 'StepType').split(/\s+/);
    if (type === 'End') return { is: 'end' };
    if (type === 'Do') {
      dos.set(level, index);
      // Takes no time: one round of nothing.
      return { is: 'loop', to: index + 1, times: 1 };
    }
    const ends = [...text.matchAll(/<EndEntry>([\s\S]*?)<\/EndEntry>/g)].map(([, end]) => end);
    if (type === 'Loop') {
      const to = dos.get(level);
      if (to === undefined) throw new Error(`Loop ${level} without its Do`);
      return { is: 'loop', to: to + 1, times: Number(one(ends[0] ?? '', 'Value')) };
    }
    return {
      is: 'step',
      number: index + 1,
      kind: type,
      drive: driveOf(type, text),
      ends: ends.map(endOf),
      record: recordOf(text),
    };
  });
  return { steps, record: {}, protection: { delay_s: 0 } };
}

function driveOf(type: string, text: string): Drive {
  if (type === 'Rest') return { is: 'rest' };
  const way = { Charge: 1, Dischrge: -1 }[type];
  if (way === undefined) throw new Error(`step ${type}`);
  const value = Number(one(text, 'StepValue'));
  const mode = one(text, 'StepMode');
  if (mode === 'Voltage') return { is: 'voltage', voltage_V: value };
  if (mode !== 'Current') throw new Error(`mode ${mode}`);
  const limit = /<Limits>[\s\S]*?<Voltage>([^<]*)</.exec(text)?.[1];
  return {
    is: 'current',
    current_A: way * value,
    ...(limit === undefined ? {} : { limit_V: Number(limit) }),
  };
}

function endOf(text: string): StepEnd {
  const type = one(text, 'EndType');
  const to = Number(one(text, 'Step')) - 1;
  if (type === 'StepTime') return { of: 'time', is: 'at least', value: seconds(one(text, 'Value')), to };
  const is = one(text, 'Oper').startsWith('&lt;') ? 'at most' : 'at least';
  const of = { Voltage: 'voltage', Current: 'current' }[type] as 'voltage' | 'current' | undefined;
  if (of === undefined) throw new Error(`end ${type}`);
  return { of, is, value: Number(one(text, 'Value')), to };
}

function recordOf(text: string): RecordRule {
  const rule: { time_s?: number; voltage_V?: number; current_A?: number } = {};
  for (const [, report] of text.matchAll(/<ReportEntry>([\s\S]*?)<\/ReportEntry>/g)) {
    const value = one(report, 'Value');
    const type = one(report, 'ReportType');
    if (type === 'StepTime') rule.time_s = seconds(value);
    if (type === 'Voltage') rule.voltage_V = Number(value);
    if (type === 'Current') rule.current_A = Number(value);
  }
  return rule;
}
