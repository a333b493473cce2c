import type { UAObject, UAVariable, Variant } from 'node-opcua';
import type { Outcome } from '../../../../dashboards/door/answers/carry-out.ts';
import type { BenchRole, LabMode, LabRun } from '../../../../dashboards/door/lab.ts';
import { answered, type Calls } from './calls.ts';
import { addFunctions, type UnitNow } from './functions.ts';
import { isSilent } from './going.ts';
import type { DoorState } from './line.ts';
import { addLock } from './lock.ts';
import type { Model, Shown } from './model.ts';
import { type LadsState, ladsStateOf, NOTHING } from './states.ts';

/** A functional unit: one station of a bench, with what is measured and set there, its state, and what may be called. */

const OPTIONALS = [
  'FunctionSet',
  ...['StartProgram', 'Stop', 'Abort', 'Clear'].map(name => `FunctionalUnitState.${name}`),
  'FunctionalUnitState.RunningStateMachine',
  ...['Hold', 'Unhold', 'Reset'].map(name => `FunctionalUnitState.RunningStateMachine.${name}`),
  'ProgramManager',
  ...['DeviceProgramRunId', 'EstimatedRuntime', 'CurrentRuntime', 'CurrentStepName'].map(
    name => `ProgramManager.ActiveProgram.${name}`,
  ),
];

/** What it is told of its bench. */
export interface UnitOf {
  readonly name: string;
  /** Name of the bench in the laboratory; what a run is started with. */
  readonly bench: string;
  /** Name of the subject; empty: the bench has one. */
  readonly subject: string;
  readonly mode: LabMode;
  readonly roles: readonly BenchRole[];
  readonly now: UnitNow;
  /** A run has begun on it. */
  began(run: LabRun): void;
  /** Who is in control of the laboratory; null: nobody. */
  control(): DoorState['control'];
  readonly calls: Calls;
}

/** A unit as it stands in the server. */
export interface UnitShown {
  readonly node: UAObject;
  readonly resultSet: UAObject;
  readonly templateSet: UAObject;
  /** Brings its states up to date; values are looked up when somebody reads them. */
  refresh(): void;
}

/** Commands of a run by the methods of the standard. */
const OF_UNIT = { Stop: 'stop', Abort: 'abort', Clear: 'clear' } as const;
const OF_RUNNING = { Hold: 'hold', Unhold: 'resume', Reset: 'reset' } as const;

/** Adds one to the FunctionalUnitSet of a device. */
export function addUnit(model: Model, set: UAObject, of: UnitOf): UnitShown {
  const { now, calls } = of;
  const node = model.make('FunctionalUnitType', of.name, set, OPTIONALS);
  const machine = model.part(node, 'FunctionalUnitState');
  const running = model.part(machine, 'RunningStateMachine');
  const manager = model.part(node, 'ProgramManager');
  const told = addLastAnswer(model, node);

  const command = (holder: UAObject, name: string, command: string): void =>
    calls.bind(model, { node: holder, name, said: told.say }, async (_inputs, context) => {
      const run = now.going()?.run;
      if (run === undefined) {
        told.say(`no run is under way on ${of.name}`);
        return { status: 'BadInvalidState' };
      }
      const asked = { route: 'command', params: { id: run.id }, body: { command } };
      return { status: answered(await calls.ask(context, asked, told.say)).status };
    });
  const functions = addFunctions(model, model.part(node, 'FunctionSet'), {
    ...{ roles: of.roles, now },
    stops: holder => command(holder, 'Stop', OF_UNIT.Stop),
  });
  for (const [name, word] of Object.entries(OF_UNIT)) command(machine, name, word);
  for (const [name, word] of Object.entries(OF_RUNNING)) command(running, name, word);

  const idOf = (value: string) => [{ dataType: model.opcua.DataType.String, value }];
  let isStarting = false;
  calls.bind(model, { node: machine, name: 'StartProgram', said: told.say }, async (inputs, context) => {
    const asked = startOf(inputs, of);
    if (typeof asked === 'string') {
      told.say(asked);
      return { status: 'BadInvalidArgument', outputs: idOf('') };
    }
    const going = now.going()?.run.id ?? (isStarting ? 'another run' : undefined);
    if (going !== undefined) {
      told.say(`${going} is under way on ${of.name}`);
      return { status: 'BadInvalidState', outputs: idOf('') };
    }
    isStarting = true;
    const begun = (outcome: Outcome): void => {
      isStarting = false;
      if (outcome.isDone) of.began(outcome.answer as LabRun);
    };
    const outcome = await calls.ask(context, { route: 'startRun', body: asked }, told.say, begun);
    const { status } = answered(outcome);
    return { status, outputs: idOf(outcome.isDone ? (outcome.answer as LabRun).id : '') };
  });

  addLock(model, model.part(node, 'Lock'), of, told.say);
  showActive(model, model.part(manager, 'ActiveProgram'), now);

  const shown = model.opcua.promoteToStateMachine(machine);
  const within = model.opcua.promoteToStateMachine(running);
  let state: LadsState | undefined;
  let isLastKnown = false;
  const refresh = (): void => {
    const going = now.going();
    const next = going === undefined ? NOTHING : ladsStateOf(going.said?.run.state ?? 'Starting');
    if (next.unit !== state?.unit) shown.setState(next.unit);
    if (next.running !== undefined && next.running !== state?.running) within.setState(next.running);
    state = { ...next, running: next.running ?? state?.running };
    const isOld = going !== undefined && isSilent(going, now.clock.now_s());
    if (isOld !== isLastKnown) for (const one of [machine, running]) model.sayLastKnown(one, isOld);
    isLastKnown = isOld;
    functions.refresh();
  };
  refresh();
  return {
    node,
    resultSet: model.part(manager, 'ResultSet'),
    templateSet: model.part(manager, 'ProgramTemplateSet'),
    refresh,
  };
}

/** What was answered last to a call, in words: OPC UA has a status only. */
function addLastAnswer(model: Model, node: UAObject): { say(text: string): void } {
  const { DataType } = model.opcua;
  const variable = model.own.addVariable({
    componentOf: node,
    browseName: { name: 'LastAnswer', namespaceIndex: model.own.index },
    description: 'What was answered to the last call of a method of this unit, in words',
    dataType: DataType.String,
    value: { dataType: DataType.String, value: '' },
  });
  return { say: text => void variable.setValueFromSource({ dataType: DataType.String, value: text }) };
}

function showActive(model: Model, active: UAObject, now: UnitNow): void {
  const { DataType } = model.opcua;
  type Said = NonNullable<NonNullable<ReturnType<UnitNow['going']>>['said']>;
  const show = (name: string, dataType: number, pick: (run: Said['run']) => unknown): void =>
    model.show(model.part<UAVariable>(active, name), dataType, (): Shown => {
      const going = now.going();
      if (going?.said === undefined) return { status: 'BadNoDataAvailable' };
      const status = isSilent(going, now.clock.now_s()) ? 'UncertainNoCommunicationLastUsableValue' : 'Good';
      return { value: pick(going.said.run), utc_ms: going.said_ms, status };
    });
  model.show(model.part<UAVariable>(active, 'DeviceProgramRunId'), DataType.String, () => ({
    value: now.going()?.run.id ?? '',
    utc_ms: now.clock.utc_ms(),
  }));
  show('EstimatedRuntime', DataType.Double, ({ planned_s }) => planned_s * 1000);
  show('CurrentRuntime', DataType.Double, ({ time_s }) => time_s * 1000);
  show('CurrentStepName', DataType.LocalizedText, ({ phase, step }) =>
    model.opcua.coerceLocalizedText([phase, step].filter(word => word !== '').join(' / ')),
  );
}

/** Inputs of StartProgram (OPC 30500-1): template, properties, job, task, samples; or what is wrong with them. */
function startOf(inputs: readonly Variant[], { bench, subject, mode }: UnitOf): object | string {
  const [template, properties, job, task, samples] = inputs.map(({ value }) => value as unknown);
  const pairs = listOf<{ readonly key?: string; readonly value?: string }>(properties);
  const keys = pairs.map(({ key }) => textOf(key));
  const twice = keys.find((key, i) => keys.indexOf(key) < i);
  if (keys.includes('__proto__')) return 'no parameter is called "__proto__"';
  if (twice !== undefined) return `property "${twice}" stands there twice, expected once`;
  return {
    bench,
    method: textOf(template),
    ...(subject === '' ? {} : { subject }),
    set: Object.fromEntries(pairs.map(({ value }, i) => [keys[i], textOf(value)])),
    mode,
    order: { job: textOf(job), task: textOf(task), ...samplesOf(samples) },
  };
}

/** Names of the samples, and of each where it is and what else was said of it. */
function samplesOf(samples: unknown): object {
  const places = listOf<Readonly<Record<string, unknown>>>(samples).map(of => ({
    sample: textOf(of['sampleId']),
    container: textOf(of['containerId']),
    position: textOf(of['position']),
    custom: textOf(of['customData']),
  }));
  return { samples: places.map(({ sample }) => sample), places };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = <T>(value: unknown): readonly T[] => (Array.isArray(value) ? (value as T[]) : []);
