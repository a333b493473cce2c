import { PICTURE_GRID, type Picture, type PictureLine, type PictureNode } from '../../contract/picture.ts';
import { type Bench, subjectOf } from '../bench.ts';
import { TRAVEL_S } from './picture-block.ts';
import { TEMPLATES } from './templates.ts';

/** More roles than this beside one symbol cannot be read; the others stand in the list below the picture. */
const MOST_VALUES = 3;

/** The process picture of a bench: as its file draws it, else by the roles that it has. `measured`: names of its roles. */
export function pictureOf(bench: Bench, measured: Iterable<string>): Picture {
  const roles = [...measured];
  const drawn = bench.picture ?? ofTemplate(bench, new Set(roles));
  const shown = new Set(drawn.nodes.flatMap(node => node.roles));
  return { ...PICTURE_GRID, ...drawn, unplaced: roles.filter(role => !shown.has(role)) };
}

function ofTemplate(bench: Bench, measured: ReadonlySet<string>): Pick<Picture, 'nodes' | 'lines'> {
  const { slots, chains } = TEMPLATES[subjectOf(bench).kind];
  const filled = slots.map(({ id, symbol, at, roles }): PictureNode => {
    const own = roles.filter(role => measured.has(role)).slice(0, MOST_VALUES);
    return { id, symbol, at, roles: own, travel_s: TRAVEL_S };
  });
  const withRole = new Set(filled.filter(({ roles }) => roles.length > 0).map(({ id }) => id));
  // A mixer or a vent shows nothing itself: it is drawn where a pipe leads to it.
  const isDrawn = new Set(withRole);
  for (const { through } of chains)
    for (const [i, id] of through.entries()) {
      const isBare = slots.some(slot => slot.id === id && slot.roles.length === 0);
      if (isBare && through.slice(0, i).some(before => withRole.has(before))) isDrawn.add(id);
    }
  const nodes = filled.filter(({ id }) => isDrawn.has(id));
  const lines = chains.flatMap(({ through, medium }): PictureLine[] => {
    const there = through.filter(id => isDrawn.has(id));
    return there.slice(1).map((to, i) => ({ from: there[i], to, medium: i === 0 ? medium : '' }));
  });
  const once = new Map(lines.map(line => [`${line.from} ${line.to}`, line]));
  return { nodes, lines: [...once.values()] };
}
