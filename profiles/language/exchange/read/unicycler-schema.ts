import { z } from 'zod';

/** What stands in unicycler JSON. Its numbers may stand as text, rates as C/5 or D/5 (discharge). */

const number = z.union(
  [z.number(), z.string().regex(/^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i, 'expected a number')],
  {
    error: 'expected a number',
  },
);
const optional = z
  .union([number, z.literal(''), z.null()], { error: 'expected a number or null' })
  .optional();
const RATE = 'expected a rate: 0.2, "C/5" or "D/5"';
const rate = z
  .union(
    [number, z.string().regex(/^\s*[-+]?[\d.]*\s*[CD]?[\d.]*\s*\/\s*[-+]?[\d.]+\s*$|^\s*$/, RATE), z.null()],
    {
      error: RATE,
    },
  )
  .optional();
const id = z.string().nullish();
const whole = z.union([z.number().int(), z.string().regex(/^\d+$/, 'expected a whole number')], {
  error: 'expected a whole number',
});
/** Steps of a method, by their word. */
export const UNICYCLER_STEPS = {
  open_circuit_voltage: z.strictObject({ step: z.string(), id, until_time_s: number }),
  constant_current: z.strictObject({
    step: z.string(),
    id,
    rate_C: rate,
    current_mA: optional,
    until_time_s: optional,
    until_voltage_V: optional,
  }),
  constant_voltage: z.strictObject({
    step: z.string(),
    id,
    voltage_V: number,
    until_time_s: optional,
    until_rate_C: rate,
    until_current_mA: optional,
  }),
  impedance_spectroscopy: z.strictObject({
    step: z.string(),
    id,
    amplitude_V: optional,
    amplitude_mA: optional,
    start_frequency_Hz: number,
    end_frequency_Hz: number,
    points_per_decade: whole.optional(),
    measures_per_point: whole.optional(),
    drift_correction: z.boolean().nullish(),
  }),
  voltage_scan: z.looseObject({}),
  loop: z.strictObject({
    step: z.string(),
    id,
    loop_to: z.union([z.number().int().min(1), z.string().min(1)]).optional(),
    cycle_count: whole,
  }),
  tag: z.strictObject({ step: z.string(), id, tag: z.string().min(1) }),
} as const;
/** A whole file; its steps are looked at one by one. */
export const UNICYCLER_FILE = z.strictObject({
  unicycler: z.looseObject({}).optional(),
  sample: z.strictObject({ name: z.string().optional(), capacity_mAh: optional }).optional(),
  record: z.strictObject({ current_mA: optional, voltage_V: optional, time_s: number }),
  safety: z
    .strictObject({
      max_voltage_V: optional,
      min_voltage_V: optional,
      max_current_mA: optional,
      min_current_mA: optional,
      max_capacity_mAh: optional,
      delay_s: optional,
    })
    .optional(),
  method: z.array(z.looseObject({ step: z.string() })).min(1),
});

/** A number, however it is written; undefined where there is none (null, an empty text). */
export function givenNumber(raw: unknown): number | undefined {
  if (raw === null || raw === undefined || (typeof raw === 'string' && raw.trim() === '')) return undefined;
  return Number(raw);
}

/** A rate: `0.2`, `1/5`, `C/5`, `D/5` (discharge). */
export function rateOf(raw: unknown): number | undefined {
  if (typeof raw !== 'string' || !raw.includes('/')) return givenNumber(raw);
  const [above, below] = raw.replaceAll(' ', '').split('/');
  const count = above.replace(/[CD]/, '');
  const size = (/\d/.test(count) ? Number(count) : Number(`${count}1`)) / Number(below);
  return above.includes('D') ? -size : size;
}
