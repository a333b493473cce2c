import type { UAObject } from 'node-opcua';
import type { BenchRole, LabFile, LabMode, LabRun } from '../../../../dashboards/door/lab.ts';
import type { Clock } from '../../../view.ts';
import type { Calls } from './calls.ts';
import type { DoorLine } from './door-line.ts';
import type { WhatGoesOn } from './going.ts';
import type { Model } from './model.ts';
import { Results } from './results.ts';
import { Templates } from './templates.ts';
import { addUnit, type UnitShown } from './unit.ts';

/** A bench as a laboratory device of OPC 30500-1: a functional unit for each subject, or one. */

const LONE_UNIT = 'Bench';
/** Benches with more units have one list of programs. */
const MOST_LISTS = 4;
const MODE_TEXT: Readonly<Record<LabMode, string>> = {
  real: '',
  wire: ', on emulated instruments',
  twin: ', simulated',
};

/** A bench of the laboratory. */
export interface BenchOf {
  readonly name: string;
  readonly title: string;
  readonly subjects: readonly string[];
  readonly roles: readonly BenchRole[];
  readonly sha256: string;
}

/** What a device is made with. */
export interface DeviceParts {
  readonly door: DoorLine;
  readonly clock: Clock;
  readonly calls: Calls;
  readonly goesOn: WhatGoesOn;
  readonly mode: LabMode;
  readonly version: string;
}

/** A bench as it stands in the server. */
export class BenchDevice {
  readonly bench: BenchOf;
  readonly node: UAObject;
  readonly #goesOn: WhatGoesOn;
  readonly #units: readonly {
    readonly subject: string;
    readonly shown: UnitShown;
    readonly results: Results;
    readonly templates: Templates;
  }[];

  constructor(model: Model, bench: BenchOf, { door, calls, clock, goesOn, mode, version }: DeviceParts) {
    this.bench = bench;
    this.#goesOn = goesOn;
    const { name, title, subjects } = bench;
    this.node = model.make('LADSDeviceType', name.replaceAll('/', '.'), model.deviceSet);
    const { String: Text, Int32 } = model.opcua.DataType;
    for (const holder of [this.node, model.part<UAObject>(this.node, 'Identification')]) {
      model.sayText(holder, 'Manufacturer', 'cellbench');
      model.sayText(holder, 'Model', `${title}${MODE_TEXT[mode]}`);
      model.say(holder, 'SerialNumber', Text, name);
      model.say(holder, 'SoftwareRevision', Text, version);
    }
    model.sayText(this.node, 'ComponentName', title);
    model.say(this.node, 'RevisionCounter', Int32, -1);
    // It can be asked: what its instruments do the units say.
    model.opcua.promoteToStateMachine(model.part(this.node, 'DeviceState')).setState('Operate');
    const set = model.part<UAObject>(this.node, 'FunctionalUnitSet');
    this.#units = (subjects.length > 1 ? subjects : ['']).map(subject => {
      const roles = bench.roles.filter(role => subject === '' || role.subject === subject);
      const now = { clock, going: () => goesOn.on(title, subject) };
      const named = subject === '' ? LONE_UNIT : subject;
      const began = (run: LabRun): void => goesOn.began(run);
      const common = {
        bench: name,
        subject,
        mode,
        roles,
        now,
        began,
        control: () => door.state.control,
        calls,
      };
      const of = { name: named, ...common };
      const shown = addUnit(model, set, of);
      const results = new Results(model, shown.resultSet, door.calls);
      return { subject, shown, results, templates: new Templates(model, shown.templateSet) };
    });
    model.lockDown(this.node);
  }

  /** Brings states and results up to date. */
  async refresh(): Promise<void> {
    const over = this.#goesOn.over.filter(run => run.bench === this.bench.title);
    for (const { subject, shown, results } of this.#units) {
      shown.refresh();
      await results.show(over, subject);
    }
  }

  /** Shows these methods as programs; of many units only at the first, as it is one list. */
  showMethods(methods: readonly LabFile[]): void {
    const shown = this.#units.length > MOST_LISTS ? this.#units.slice(0, 1) : this.#units;
    for (const { templates } of shown) templates.show(methods);
  }
}
