import { expect, it } from 'vitest';
import { software, softwareSoon } from '../../../control/program/result/software.ts';

it('says the same of the program whether it is waited for or asked beside other work', async () => {
  const soon = softwareSoon();
  const { name, version, commit, node } = software();
  expect(await soon).toEqual({ name, version, commit, node });
  expect([name, node]).toEqual(['cellbench', process.version]);
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
});
