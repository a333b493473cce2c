import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Catalogue } from '../../../../control/program/lab/catalogue.ts';
import { LabPlace } from '../../../../control/program/lab/place.ts';

/** The list of files is not made anew for everybody who asks: one guest would keep the door busy with it. */

const root = mkdtempSync(join(tmpdir(), 'cellbench-catalogue-'));
const outside = mkdtempSync(join(tmpdir(), 'cellbench-outside-'));
afterAll(() => {
  for (const folder of [root, outside]) rmSync(folder, { recursive: true });
});
const METHOD = 'method: a\nversion: 2\nsteps:\n- { rest: {}, for_s: 1 }\n';
const write = (name: string): void => writeFileSync(join(root, `${name}.yaml`), METHOD);

it('what was found stands a moment, and longer where looking takes long; what is written here is seen at once', () => {
  let now_s = 0;
  /** Looking takes so long. */
  let took_s = 0;
  let isFirst = true;
  const clock = {
    now_s: () => {
      isFirst = !isFirst;
      now_s += isFirst ? took_s : 0;
      return now_s;
    },
  };
  const catalogue = new Catalogue(new LabPlace(root), clock);
  const names = (): string[] => {
    isFirst = true;
    return catalogue.all('method').map(({ name }) => name);
  };
  write('a');
  expect(names()).toEqual(['a']);
  write('b');
  now_s = 0.4;
  expect(names()).toEqual(['a']);
  now_s = 0.6;
  took_s = 1;
  expect(names()).toEqual(['a', 'b']);
  write('c');
  took_s = 0;
  now_s = 1.6 + 9.9;
  expect(names()).toEqual(['a', 'b']);
  now_s = 1.6 + 10.1;
  expect(names()).toEqual(['a', 'b', 'c']);
  write('d');
  expect(names()).toEqual(['a', 'b', 'c']);
  catalogue.changed();
  expect(names()).toEqual(['a', 'b', 'c', 'd']);
});

it('links lead within the folder only, and no file is found twice', () => {
  mkdirSync(join(root, 'in/deep'), { recursive: true });
  write('in/deep/e');
  writeFileSync(join(outside, 'x.yaml'), METHOD);
  symlinkSync(outside, join(root, 'out'));
  symlinkSync(join(outside, 'x.yaml'), join(root, 'y.yaml'));
  symlinkSync(join(root, 'in'), join(root, 'also'));
  const found = new Catalogue(new LabPlace(root)).all('method').map(({ name }) => name);
  expect(found.filter(name => /out|y$/.test(name))).toEqual([]);
  expect(found.filter(name => name.endsWith('/e'))).toHaveLength(1);
});
