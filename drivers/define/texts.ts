import { z } from 'zod';
import type { Clock } from '../contract/clock.ts';
import { DeviceError } from '../contract/errors.ts';
import type { DeviceTable, ReadSpec } from '../device-table.ts';
import { fieldsOf } from '../protocol/scpi.ts';
import type { TextRequest } from '../transport/text/lines.ts';

/** A text that an instrument says: its serial number, the alarm that it shows. */
export const textSchema = z.strictObject({
  /** What a person calls it: `serial number`, `alarm`. */
  what: z.string().min(2),
  ask: z.string().min(1),
  /** Which value of a list, 0 the first; absent: the whole line. */
  field: z.number().int().min(0).optional(),
  /** Asked so often, ms, and told when it has changed. Absent: asked at connect and told once. */
  every_ms: z.number().min(1000, 'expected 1000 ms or more').optional(),
  /** Nothing to tell a person: `No error`. */
  quiet: z.string().optional(),
  basis: z.enum(['sourced', 'recalled', 'default']),
});
export type TextSpec = z.output<typeof textSchema>;

/** Longest text that is kept, characters. */
const LONGEST = 200;

type Table = DeviceTable<TextRequest, string>;

/** The table of an instrument with what it says in words: as notices of the connection, and as news when it changes. */
export function withTexts(table: Table, texts: readonly TextSpec[], clock: Clock): Table {
  if (texts.length === 0) return table;
  const told = new Map<TextSpec, string>();
  let tell: (text: string) => void = () => {};
  const sentence = ({ what }: TextSpec, said: string): string => `${what}: ${said}`;
  const request = ({ ask }: TextSpec): TextRequest => ({ lines: [ask], fits: () => true });
  const hear = (spec: TextSpec, reply: string): void => {
    const said = textIn(reply, spec);
    const before = told.get(spec);
    told.set(spec, said);
    if (before === said || (before === undefined && said === spec.quiet)) return;
    if (spec.every_ms !== undefined) tell(sentence(spec, said));
  };
  const reads = texts.flatMap((spec): ReadSpec<TextRequest, string>[] => {
    const { every_ms } = spec;
    if (every_ms === undefined) return [];
    let due_s = Number.NEGATIVE_INFINITY;
    return [
      {
        ask: request(spec),
        channels: [],
        isDue: () => clock.now_s() >= due_s,
        into(reply) {
          due_s = clock.now_s() + every_ms / 1000;
          hear(spec, reply);
        },
      },
    ];
  });
  return {
    ...table,
    reads: [...table.reads, ...reads],
    async identify(exchange) {
      const probe = await table.identify(exchange);
      for (const spec of texts) {
        if (spec.every_ms !== undefined) continue;
        try {
          hear(spec, await exchange(request(spec)));
        } catch (error) {
          // What it does not say is no reason not to work with it.
          if (!(error instanceof DeviceError) || error.code !== 'refused') throw error;
        }
      }
      return probe;
    },
    notices: () => [
      ...(table.notices?.() ?? []),
      ...texts.flatMap(spec => {
        const said = told.get(spec);
        return said === undefined || said === spec.quiet ? [] : [sentence(spec, said)];
      }),
    ],
    onNews(listener) {
      tell = listener;
    },
  };
}

/** The text of an answer, without quotation marks and control characters. */
function textIn(reply: string, { field }: TextSpec): string {
  const said = field === undefined ? reply : (fieldsOf(reply)[field] ?? '');
  return said
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, LONGEST);
}
