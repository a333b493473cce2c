import type { YamlFile } from '../../../drivers/contract/yaml-file.ts';
import { kindOf } from '../../kinds/interlocks/index.ts';
import type { Bench } from '../bench.ts';
import { type Reach, settableBy, shownBy, within } from './facts.ts';

/** Interlocks: each id once, each as its kind asks it of the instruments. @throws FileError */
export function checkInterlocks(yaml: YamlFile<Bench>, reach: Reach): void {
  const { interlocks, twin } = yaml.value;
  for (const [i, interlock] of interlocks.entries()) {
    const place = ['interlocks', i];
    if (interlocks.findIndex(other => other.id === interlock.id) !== i) {
      throw yaml.error([...place, 'id'], `"${interlock.id}" stands twice, expected each id once`);
    }
    kindOf(interlock).check(interlock, {
      shown: (key, role, isSingle) => shownBy(yaml, reach, [...place, key], role, isSingle),
      settable: (key, role) => settableBy(yaml, reach, [...place, key], role),
      within: (key, figure, shown, role) => within(yaml, [...place, key], figure, shown, role),
      predicted: twin?.beside?.roles ?? [],
      error: (key, text) => yaml.error([...place, key], text),
    });
  }
}
