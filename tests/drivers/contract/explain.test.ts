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

it('a key of a record that only takes some words', () => {
  const schema = z.strictObject({ mayFail: z.partialRecord(z.enum(['polarity', 'permissive']), z.string()) });
  const read = (key: string) => () => checkYaml(readYaml('bench.yaml', `mayFail: { ${key}: why }`), schema);
  expect(read('identity')).toThrow('unknown key "identity", expected one of polarity, permissive');
  expect(read('polarty')).toThrow('did you mean "polarity"?');
  expect(read('polarity')).not.toThrow();
});
