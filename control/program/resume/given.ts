import { resolve } from 'node:path';
import { z } from 'zod';
import { givenOrExample } from '../package-files.ts';

/** The words of a command line that made a run: with them its files are read again as they were. */
const schema = z.strictObject({
  bench: z.string(),
  method: z.string(),
  subject: z.string().optional(),
  wind: z.string().optional(),
  set: z.array(z.string()),
  seed: z.number(),
});

/** What a run was made of, with absolute paths. */
export type Given = z.infer<typeof schema>;

/** As it stands in the record. */
export function givenText(options: Given): string {
  return JSON.stringify(givenBy(options));
}

/** The words of a command line with absolute paths. */
export function givenBy({ bench, method, subject, wind, set, seed }: Given): Given {
  return {
    bench: resolve(givenOrExample(bench)),
    method: resolve(givenOrExample(method)),
    ...(subject === undefined ? {} : { subject }),
    ...(wind === undefined ? {} : { wind: resolve(givenOrExample(wind)) }),
    set: [...set],
    seed,
  };
}

/** Reads it out of a record; undefined: it does not say, or not in this form. */
export function givenOf(text: string | undefined): Given | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
