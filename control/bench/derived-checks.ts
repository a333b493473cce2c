import { unitOf } from '../../drivers/contract/units.ts';
import type { YamlFile } from '../../drivers/contract/yaml-file.ts';
import { derivedKindOf } from '../kinds/derived/index.ts';
import { DERIVED_DEVICE, METHOD_DEVICE } from '../kinds/derived/kind.ts';
import type { ConditionNames } from '../kinds/interlocks/condition.ts';
import { kindOf } from '../kinds/interlocks/index.ts';
import type { Bench } from './bench.ts';
import { type Reach, shownBy } from './checks/facts.ts';

/**
 * Derived roles: names of their own, worked out of measured roles, in the unit that comes of it. What the bench can
 * show with them. @throws FileError
 */
export function checkDerived(yaml: YamlFile<Bench>, reach: Reach): Reach {
  const { derived, devices, roles } = yaml.value;
  const measured = new Map(reach.measured);
  if (Object.hasOwn(devices, METHOD_DEVICE)) {
    const text = `"${METHOD_DEVICE}" is the name under which a method's own roles are recorded, expected another name`;
    throw yaml.error(['devices', METHOD_DEVICE], text);
  }
  for (const [role, spec] of Object.entries(derived)) {
    const place = ['derived', role];
    if (Object.hasOwn(devices, DERIVED_DEVICE)) {
      const text = `"${DERIVED_DEVICE}" is the name under which these are recorded, expected another name for the device`;
      throw yaml.error(['devices', DERIVED_DEVICE], text);
    }
    if (Object.hasOwn(roles, role))
      throw yaml.error(place, `"${role}" stands in \`roles\` already, expected a name of its own`);
    if (Object.hasOwn(roles, `${role}[]`))
      throw yaml.error(place, `${role}[] is a role, expected another name: in methods both are one`);
    if (role.endsWith('[]')) throw yaml.error(place, `"${role}" is one value, expected a name without []`);
    const kind = derivedKindOf(spec);
    const sources = Object.entries(kind.sources(spec)).map(([key, source]) => {
      const shown = shownBy(yaml, reach, [...place, key], source, kind.takes === 'single');
      if (kind.takes === 'array' && !source.endsWith('[]')) {
        const text = `${source} is one value, expected a role of many, e.g. "cell.voltage_V[]"`;
        throw yaml.error([...place, key], text);
      }
      const own = unitOf(source);
      const unit = own === undefined ? undefined : kind.unit(own);
      if (unit === undefined)
        throw yaml.error([...place, key], `${source} is in ${own}: there is no ${spec.kind} of that`);
      if (unitOf(role) !== unit)
        throw yaml.error(
          place,
          `is in ${unitOf(role)}, but the ${spec.kind} of ${source} is in ${unit}, expected the same unit`,
        );
      return { ...shown, unit: own };
    });
    const [first, second] = sources;
    if (second !== undefined && first.unit !== second.unit)
      throw yaml.error(place, `worked out of ${first.unit} and ${second.unit}, expected the same unit`);
    measured.set(role, {
      device: DERIVED_DEVICE,
      name: role,
      range: kind.range(...sources.map(s => s.range)),
    });
  }
  return { settable: reach.settable, measured };
}

/**
 * Until a derived role has a value it counts as exceeded: an interlock must not trip on that at every start. After
 * `checkInterlocks`. @throws FileError
 */
export function checkFirstValues(yaml: YamlFile<Bench>, names: ConditionNames): void {
  const { derived, interlocks } = yaml.value;
  for (const [i, interlock] of interlocks.entries()) {
    if (interlock.armed !== 'always' && interlock.armed !== 'running') continue;
    const key = 'role' in interlock ? 'role' : 'when';
    for (const role of kindOf(interlock).judged(interlock, names)) {
      const spec = Object.hasOwn(derived, role) ? derived[role] : undefined;
      const settles_s = spec === undefined ? 0 : (derivedKindOf(spec).settles_s?.(spec) ?? 0);
      if (interlock.delay_s >= settles_s) continue;
      const text = `${role} has its first value after ${settles_s} s, expected delay_s of at least that, or armed by the tag of a step`;
      throw yaml.error(['interlocks', i, key], text);
    }
  }
}
