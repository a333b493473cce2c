import type { UAObject } from 'node-opcua';
import { z } from 'zod';
import type { RunOrder } from '../../../../dashboards/door/lab/order.ts';
import type { LabRun } from '../../../../dashboards/door/lab.ts';
import { addFile } from './files.ts';
import type { DoorCalls } from './line.ts';
import type { Model } from './model.ts';
import { engineeringUnits } from './units.ts';

/** Results of the runs of a functional unit: when, by whom, what for, the figures, and the files. */

/** So many of a unit are shown, the newest; all of them are at the door. */
export const MOST_RESULTS = 20;

const figure = z.number().nullable();
/** The part of `result.json` that is shown. */
const resultSchema = z.object({
  verdict: z.string(),
  criteria: z.string(),
  method: z.string(),
  operator: z.string().optional(),
  subject: z.string().optional(),
  startedUtc: z.string(),
  endedUtc: z.string(),
  simulated_s: z.number(),
  kpis: z.array(
    z.object({
      id: z.string(),
      phase: z.string().optional(),
      value: figure,
      unit: z.string(),
      u95: z.number().optional(),
      definition: z.string(),
    }),
  ),
});
type Result = z.output<typeof resultSchema>;

/** One that could not be read is tried again after so long, s. */
const AGAIN_S = 30;

/** Keeps the ResultSet of a unit. */
export class Results {
  readonly #model: Model;
  readonly #set: UAObject;
  readonly #door: Pick<DoorCalls, 'result' | 'report'>;
  readonly #shown = new Map<string, UAObject>();
  /** Runs that are not shown: when they are looked at again, s; never: of another subject. */
  readonly #not = new Map<string, number>();

  constructor(model: Model, set: UAObject, door: Pick<DoorCalls, 'result' | 'report'>) {
    this.#model = model;
    this.#set = set;
    this.#door = door;
  }

  /** Shows those of these runs that are the newest and fit the subject (empty: any). */
  async show(runs: readonly LabRun[], subject: string): Promise<void> {
    const newest = [...runs].sort((a, b) => (a.startedUtc < b.startedUtc ? 1 : -1));
    const wanted = new Set<string>();
    for (const run of newest) {
      if (wanted.size >= MOST_RESULTS) break;
      if (!this.#shown.has(run.id)) await this.#tryToAdd(run, subject);
      if (this.#shown.has(run.id)) wanted.add(run.id);
    }
    for (const [id, node] of this.#shown) {
      if (wanted.has(id)) continue;
      this.#model.remove(node);
      this.#shown.delete(id);
    }
    const there = new Set(runs.map(({ id }) => id));
    for (const id of this.#not.keys()) if (!there.has(id)) this.#not.delete(id);
  }

  async #tryToAdd(run: LabRun, subject: string): Promise<void> {
    const now_s = this.#model.clock.now_s();
    if (now_s < (this.#not.get(run.id) ?? Number.NEGATIVE_INFINITY)) return;
    this.#not.set(run.id, now_s + AGAIN_S);
    let result: Result | undefined;
    try {
      result = resultSchema.safeParse(JSON.parse(await this.#door.result(run.id))).data;
    } catch {
      return;
    }
    if (result === undefined) return;
    if (subject !== '' && result.subject !== subject) {
      this.#not.set(run.id, Number.POSITIVE_INFINITY);
      return;
    }
    this.#shown.set(run.id, this.#add(run, result));
    this.#not.delete(run.id);
  }

  #add(run: LabRun, result: Result): UAObject {
    const model = this.#model;
    const { String: Text, DateTime, Double } = model.opcua.DataType;
    const node = model.make('ResultType', run.id, this.#set, ['DeviceProgramRunId', 'TotalRuntime']);
    const { verdict, criteria } = result;
    model.sayText(node, 'Description', criteria === 'none' ? verdict : `${verdict}, criteria: ${criteria}`);
    model.say(node, 'ApplicationUri', Text, '');
    const { started } = run;
    model.say(node, 'User', Text, started?.by ?? result.operator ?? '');
    model.say(node, 'Started', DateTime, new Date(result.startedUtc));
    model.say(node, 'Stopped', DateTime, new Date(result.endedUtc));
    model.say(node, 'SupervisoryJobId', Text, started?.order?.job ?? '');
    model.say(node, 'SupervisoryTaskId', Text, started?.order?.task ?? '');
    const samples = model.samples(placesOf(started?.order ?? null));
    model.say(node, 'Samples', model.opcua.DataType.ExtensionObject, samples);
    const pairs = model.keyValues(Object.entries(started?.set ?? {}));
    model.say(node, 'Properties', model.opcua.DataType.ExtensionObject, pairs);
    model.say(node, 'DeviceProgramRunId', Text, run.id);
    model.say(node, 'TotalRuntime', Double, result.simulated_s * 1000);
    const template = model.part<UAObject>(node, 'ProgramTemplate');
    model.say(template, 'DeviceTemplateId', Text, started?.method ?? run.method);
    model.sayText(template, 'Description', result.method);
    for (const name of ['Created', 'Modified']) model.sayNothing(template, name);
    this.#addFigures(model.part(node, 'VariableSet'), result.kpis);
    const files = model.part<UAObject>(node, 'FileSet');
    const json = (): Promise<string> => this.#door.result(run.id);
    addFile(model, files, { name: 'result.json', mime: 'application/json', read: json });
    const html = (): Promise<string> => this.#door.report(run.id);
    addFile(model, files, { name: 'report.html', mime: 'text/html', read: html });
    model.lockDown(node);
    return node;
  }

  #addFigures(set: UAObject, kpis: Result['kpis']): void {
    const { opcua, own } = this.#model;
    const { Double, ExtensionObject } = opcua.DataType;
    for (const [i, { id, phase, value, unit, u95, definition }] of kpis.entries()) {
      const name = phase === undefined ? id : `${phase}.${id}`;
      const variable = own.addVariable({
        componentOf: set,
        // A figure may come several times, once in each round.
        browseName: {
          name: kpis.findIndex(k => k.id === id && k.phase === phase) === i ? name : `${name} ${i}`,
          namespaceIndex: own.index,
        },
        displayName: name,
        description: definition,
        dataType: Double,
      });
      if (value === null)
        variable.setValueFromSource({ dataType: opcua.DataType.Null }, opcua.StatusCodes.BadNoDataAvailable);
      else variable.setValueFromSource({ dataType: Double, value });
      const property = (browseName: string, dataType: number, of: unknown): void =>
        void own.addVariable({
          propertyOf: variable,
          browseName,
          dataType,
          typeDefinition: 'PropertyType',
          value: { dataType, value: of },
        });
      const units = engineeringUnits(opcua, unit);
      if (units !== undefined)
        own.addVariable({
          propertyOf: variable,
          browseName: new opcua.QualifiedName({ name: 'EngineeringUnits', namespaceIndex: 0 }),
          typeDefinition: 'PropertyType',
          dataType: 'EUInformation',
          value: { dataType: ExtensionObject, value: units },
        });
      // Expanded uncertainty, k = 2, in the unit of the figure.
      if (u95 !== undefined) property('U95', Double, u95);
    }
  }
}

/** Samples with where they are; those of an order that names them only. */
function placesOf(order: RunOrder | null): RunOrder['places'] {
  if (order === null) return [];
  const { samples, places } = order;
  return places.length > 0
    ? places
    : samples.map(sample => ({ sample, container: '', position: '', custom: '' }));
}
