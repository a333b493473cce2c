import type { UAObject, UAVariable } from 'node-opcua';
import type { BenchRole } from '../../../../dashboards/door/lab.ts';
import type { Clock } from '../../../view.ts';
import { type Going, isFresh, isSilent } from './going.ts';
import type { BadStatus, Model, Shown } from './model.ts';
import { engineeringUnits } from './units.ts';

/** The functions of a functional unit: a sensor function for each measured role, a control function for each that is set. */

/** Of an array its lowest, mean and greatest member, as a snapshot has them. */
const OF_ARRAY = ['min', 'mean', 'max'] as const;

/** What stands behind the functions of a unit. */
export interface UnitNow {
  readonly clock: Clock;
  /** The run under way on it. */
  going(): Going | undefined;
}

/**
 * Adds them to a FunctionSet. Set points are shown, not taken: what is set the method of a run decides. So none is stopped alone:
 * `stops` binds the Stop of each, which stops the run.
 */
export function addFunctions(
  model: Model,
  set: UAObject,
  {
    roles,
    now,
    stops,
  }: { readonly roles: readonly BenchRole[]; readonly now: UnitNow; stops(holder: UAObject): void },
): { refresh(): void } {
  const measured = new Set(roles.filter(({ isSet }) => !isSet).map(({ role }) => role));
  const controls: { show(): void }[] = [];
  for (const role of roles) {
    if (!role.isSet) addSensors(model, set, role, now);
    else {
      const partner = measuredOf(role.role);
      if (measured.has(partner)) {
        const { node, show } = addControl(model, set, { role, partner, now });
        stops(model.part(node, 'Operational'));
        controls.push({ show });
      }
    }
  }
  return {
    refresh() {
      for (const control of controls) control.show();
    },
  };
}

/** The role that is measured of one that is set: `stack.currentSet_A` of `stack.current_A`. */
const measuredOf = (role: string): string => role.replace(/Set(_[^.]*)$/, '$1');

function addSensors(model: Model, set: UAObject, role: BenchRole, now: UnitNow): void {
  const { Boolean: Bool, Double } = model.opcua.DataType;
  const isSwitch = role.unit === 'on';
  if (role.members === 1) {
    const type = isSwitch ? 'TwoStateDiscreteSensorFunctionType' : 'AnalogScalarSensorFunctionType';
    const node = sensor(model, set, { type, name: role.role, role });
    const value = model.part<UAVariable>(node, 'SensorValue');
    model.show(value, isSwitch ? Bool : Double, () => scalarOf(now, role.role, isSwitch));
    return;
  }
  const bare = role.role.replace(/\[\]$/, '');
  const node = sensor(model, set, { type: 'AnalogArraySensorFunctionType', name: bare, role });
  model.show(model.part<UAVariable>(node, 'SensorValue'), Double, () => membersOf(now, role.role));
  for (const figure of OF_ARRAY) {
    const name = `${role.role}.${figure}`;
    const one = sensor(model, set, {
      type: 'AnalogScalarSensorFunctionType',
      name: `${bare}.${figure}`,
      role,
    });
    model.show(model.part<UAVariable>(one, 'SensorValue'), Double, () => scalarOf(now, name, false));
  }
}

function sensor(
  model: Model,
  set: UAObject,
  { type, name, role }: { readonly type: string; readonly name: string; readonly role: BenchRole },
): UAObject {
  const node = model.make(type, name, set);
  enable(model, node);
  const words = Object.entries(role.words).map(([number, word]) => `${number} = ${word}`);
  if (words.length > 0) node.setDescription(words.join(', '));
  const value = model.part<UAVariable>(node, 'SensorValue');
  model.sayRange(value, engineeringUnits(model.opcua, role.unit), role);
  const raw = node.getChildByName('RawValue') as UAVariable | null;
  // What the instrument itself has sent nobody keeps.
  if (raw !== null) {
    model.show(raw, model.opcua.DataType.Double, () => ({ status: 'BadNoDataAvailable' }));
    model.sayRange(raw, engineeringUnits(model.opcua, role.unit), role);
  }
  return node;
}

function addControl(
  model: Model,
  set: UAObject,
  { role, partner, now }: { readonly role: BenchRole; readonly partner: string; readonly now: UnitNow },
): { readonly node: UAObject; show(): void } {
  const { Boolean: Bool, Double } = model.opcua.DataType;
  const isSwitch = role.unit === 'on';
  const type = isSwitch ? 'TwoStateDiscreteControlFunctionType' : 'AnalogControlFunctionType';
  const node = model.make(type, role.role, set);
  enable(model, node);
  const dataType = isSwitch ? Bool : Double;
  const [current, target] = ['CurrentValue', 'TargetValue'].map(name => model.part<UAVariable>(node, name));
  model.show(current, dataType, () => scalarOf(now, partner, isSwitch));
  model.show(target, dataType, () => setOf(now, partner, isSwitch));
  for (const variable of [current, target])
    model.sayRange(variable, engineeringUnits(model.opcua, role.unit), role);
  const machine = model.opcua.promoteToStateMachine(model.part(node, 'ControlFunctionState'));
  let state = '';
  let isLastKnown = false;
  const show = (): void => {
    const going = now.going();
    const isOld = going !== undefined && isSilent(going, now.clock.now_s());
    if (isOld !== isLastKnown) model.sayLastKnown(model.part(node, 'ControlFunctionState'), isOld);
    isLastKnown = isOld;
    // Nobody knows what it does now: the last state stands, and says so.
    if (isOld) return;
    const next = 'value' in setOf(now, partner, isSwitch) ? 'Running' : 'Stopped';
    if (next !== state) machine.setState(next);
    state = next;
  };
  show();
  return { node, show };
}

function enable(model: Model, node: UAObject): void {
  model.say(node, 'IsEnabled', model.opcua.DataType.Boolean, true);
}

/** What the run on it has said; else why there is nothing. */
function saidOf(now: UnitNow): (Going & { readonly said: NonNullable<Going['said']> }) | BadStatus {
  const going = now.going();
  // Nobody reads a bench on which no run is under way.
  if (going === undefined) return 'BadOutOfService';
  const { said } = going;
  if (said === undefined || !isFresh(going, now.clock.now_s())) return 'BadNoCommunication';
  return { ...going, said };
}

function scalarOf(now: UnitNow, role: string, isSwitch: boolean): Shown {
  const said = saidOf(now);
  if (typeof said === 'string') return { status: said };
  const shown = said.said.roles.get(role);
  if (shown === undefined) return { status: 'BadNoDataAvailable' };
  const { value, quality } = shown;
  if (quality === 'stale') return { status: 'BadNoCommunication' };
  if (value === null || quality === 'bad') return { status: 'BadSensorFailure' };
  const status = quality === 'uncertain' ? 'UncertainSensorNotAccurate' : 'Good';
  return { value: isSwitch ? value !== 0 : value, utc_ms: said.said_ms, status };
}

function setOf(now: UnitNow, partner: string, isSwitch: boolean): Shown {
  const said = saidOf(now);
  if (typeof said === 'string') return { status: said };
  const value = said.said.roles.get(partner)?.set?.value ?? null;
  if (value === null) return { status: 'BadNoDataAvailable' };
  return { value: isSwitch ? value !== 0 : value, utc_ms: said.said_ms };
}

/** All members: one that is not known is NaN among them, and none known is no value. */
function membersOf(now: UnitNow, role: string): Shown {
  const said = saidOf(now);
  if (typeof said === 'string') return { status: said };
  const { cells } = said.said;
  if (cells?.role !== role) return { status: 'BadNoDataAvailable' };
  const values = Float64Array.from(cells.values, value => value ?? Number.NaN);
  if (values.every(Number.isNaN)) return { status: 'BadSensorFailure' };
  return { value: values, utc_ms: said.said_ms };
}
