import { expect, it } from 'vitest';
import { z } from 'zod';
import { checkYaml, readYaml } from '../../../drivers/contract/yaml-file.ts';

it.each([
  ['model: 2460', 'found 2460 (a text: write "2460" in quotes), expected one of 2450, 2460'],
  ['model: 2461', 'found 2461, expected one of 2450, 2460'],
  ['model: "2461"', 'found "2461", expected one of 2450, 2460'],
])('a number where one of some texts belongs: %s', (text, says) => {
  const schema = z.strictObject({ model: z.enum(['2450', '2460']) });
  expect(() => checkYaml(readYaml('bench.yaml', text), schema)).toThrow(says);
});
