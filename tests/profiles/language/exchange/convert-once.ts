import { FileError } from '../../../../drivers/contract/file-error.ts';
import { type Conversion, type Converted, convert } from '../../../../profiles/language/exchange/convert.ts';

/** One conversion, with what most tests have in common. */

const PROCEDURES: Readonly<Record<string, string>> = {
  'pair.yaml': `procedure: pair
version: 2
parameters: { rate_C: 1/2 }
steps:
- { cc: { current_C: rate_C }, until: cell.voltage_V > 4.1, for_h: 2 / rate_C }
- { cc: { current_C: -rate_C }, until: cell.voltage_V < 3, for_h: 2 / rate_C }
`,
};

/** `capacity_Ah` 2 unless said. @throws FileError */
export function once(path: string, text: string, given: Partial<Conversion>): Converted {
  return convert(path, text, {
    to: 'cellbench',
    accepts: false,
    subject: { capacity_Ah: 2 },
    bench: {},
    find: name => (Object.hasOwn(PROCEDURES, name) ? { path: name, text: PROCEDURES[name] } : undefined),
    utc_s: 1_800_000_000,
    ...given,
  });
}

/** The first line of what is refused, or `written`. */
export function refusal(path: string, text: string, given: Partial<Conversion>): string {
  try {
    once(path, text, given);
  } catch (error) {
    if (error instanceof FileError) return error.message.split('\n')[0];
    throw error;
  }
  return 'written';
}

/** A method of these steps, which begin on line 3 after `head`. */
export function methodOf(steps: string, head = ''): string {
  return `method: mine\nversion: 2\n${head}steps:\n${steps}\n`;
}
