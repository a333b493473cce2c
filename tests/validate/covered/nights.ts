import type { CoveredNight } from './covered-run.ts';

/** The nights whose figures are covered: short ones that print every figure with a u95. */

const here = (file: string): string => new URL(`./nights/${file}`, import.meta.url).pathname;
const example = (name: string): string =>
  new URL(`../../../examples/${name}/bench.yaml`, import.meta.url).pathname;

export const NIGHTS: readonly CoveredNight[] = [
  {
    name: 'PEM stack',
    bench: example('pem-500kw'),
    method: here('pem.yaml'),
    poll_s: 2,
  },
  {
    name: 'PEM stack, long',
    bench: example('durability-pem'),
    method: here('pem-long.yaml'),
    poll_s: 60,
    only: 'degradation',
  },
  { name: 'cell by counters', bench: example('cell-cycling'), method: here('cell.yaml') },
  {
    name: 'cell by current',
    bench: example('cell-cycling'),
    method: here('cell.yaml'),
    without: ['cell.charged_Ah', 'cell.discharged_Ah'],
  },
];
