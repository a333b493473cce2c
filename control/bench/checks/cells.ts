import type { Facts } from './facts.ts';
import type { Objection } from './objection.ts';
import { withoutIndex } from './roles.ts';

/** Does the rack have a channel for each cell of the stack? A cell without one is not watched, one too many is bad. */
export function* cellsWithoutChannel({ bench, descriptions, reach }: Facts): Iterable<Objection> {
  if (bench.stack === undefined) return;
  const { cells } = bench.stack;
  for (const [role, { device, name }] of reach.measured) {
    if (!/^cell\..*\[\]$/.test(role)) continue;
    const channels = descriptions.get(device)?.channels.filter(c => withoutIndex(c.name) === name) ?? [];
    if (channels.length === cells) continue;
    const text = `${cells} cells, but ${device} has ${channels.length} channels behind ${role}, expected as many`;
    yield { check: 'cells-without-channel', entry: ['stack'], place: ['stack', 'cells'], text };
  }
}
