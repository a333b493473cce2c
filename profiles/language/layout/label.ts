import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import type { OnBench } from '../bench/on-bench.ts';
import type { StepNode } from '../file/nodes.ts';
import type { Labelled, Resume, Skippable } from './instruction.ts';
import { ownName } from './own-names.ts';
import { recordAt } from './record-rule.ts';
import { limitsAt, secondsOf } from './values.ts';

/** What a step is called and which rules it carries. `file`: its path; `where`: the line of a place, for people. */
export function labelOf(
  step: StepNode,
  file: string,
  where: (place: Place) => string,
  on: OnBench,
): Labelled {
  const { keys, place, id } = step;
  const { name, tags, evaluate, resume, skippable } = keys as Readonly<Record<string, unknown>>;
  const [average_s, exact_s] = ['average', 'exact'].map(stem => secondsOf(keys, place, stem, on));
  const record = recordAt(keys, place, on);
  return {
    place: `${file} ${dotted(place)}`,
    where: where([...place, step.kind.key]),
    ...(id === undefined ? {} : { id: ownName(file, id) }),
    ...(typeof name === 'string' ? { name } : {}),
    tags: Array.isArray(tags) ? tags.map(String) : [],
    limits: limitsAt(keys['limits'], [...place, 'limits'], on, where),
    ...(average_s === undefined ? {} : { average_s }),
    ...(exact_s === undefined ? {} : { exact_s }),
    ...(typeof evaluate === 'string' ? { evaluate } : {}),
    ...(record === undefined ? {} : { record }),
    ...(resume === undefined ? {} : { resume: resume as Resume }),
    ...(skippable === undefined ? {} : { skippable: skippable as Skippable }),
  };
}
