import { z } from 'zod';
import type { DeviceDescription } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import type { DeviceTable, MeasuredSoFar } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { type JsonMessage, jsonLinesLink } from '../transport/json-lines.ts';

/**
 * An instrument that measures impedance (potentiostat, frequency-response analyser) behind a small program of the lab that
 * speaks its maker's library: JSON lines over TCP, a question and an answer on a line each, `id` the same in both.
 *
 * - `{"ask":"identity"}` -> `{"name":"..."}`
 * - `{"ask":"state"}` -> `{"measuring":false}`
 * - `{"ask":"measure","number":N,"request":{...}}` -> `{}`: begins; the same N again: nothing
 * - `{"ask":"points","number":N,"from":K}` -> `{"points":[[Hz, Re Ohm, Im Ohm], ...],"state":"measuring|done|failed","reason":""}`;
 *   with `tellsTime` each point is `[Hz, Re Ohm, Im Ohm, s]`: since it began when the point was complete, by the instrument's clock
 * - `{"ask":"cancel","number":N}` -> `{}`: no signal is driven any more
 *
 * `request` is `ImpedanceRequest` of the contract. An answer with `"error": "text"` refuses. The program leaves the direct
 * current as it is: the supply holds it.
 */

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const positive = finite.refine(v => v > 0, 'expected a number > 0');

const options = z.strictObject({
  host: z.string().min(1).meta({ description: 'address of the program beside the instrument' }),
  port: z.number().int().min(1).max(65535).meta({ description: 'its port' }),
  name: z
    .string()
    .min(1)
    .meta({ description: 'what the instrument answers to the question of its identity' }),
  band_Hz: z
    .tuple([positive, positive])
    .refine(([low, high]) => low < high, 'expected [low, high] with low < high')
    .meta({ description: 'lowest and highest frequency, Hz' }),
  amplitudeMax_V: finite
    .min(0)
    .default(0)
    .meta({ description: 'largest voltage amplitude, peak, V; 0: drives none' }),
  amplitudeMax_A: finite
    .min(0)
    .default(0)
    .meta({ description: 'largest current amplitude, peak, A; 0: drives none' }),
  dc: z
    .array(z.enum(['keep', 'open', 'bias']))
    .min(1)
    .default(['keep', 'open', 'bias'])
    .meta({ description: 'direct currents that it measures at' }),
  tellsTime: z.boolean().default(false).meta({
    description:
      'each point has a fourth number: s since the spectrum began by the clock of the instrument; else elapsed_s is that of arrival',
  }),
  accuracy: z
    .strictObject({
      modulus_pct: positive.meta({ description: 'of |Z|, pct' }),
      phase_deg: finite.min(0).meta({ description: 'of the phase, deg' }),
      basis: z
        .enum(['sourced', 'recalled', 'default'])
        .meta({ description: 'read in the manual, known, or chosen' }),
    })
    .meta({ description: 'declared accuracy (k = 2) of modulus, pct, and phase, deg' }),
});
type ImpedanceJsonOptions = z.infer<typeof options>;

/** Worst time of an answer, ms: the program answers from its memory. */
const REPLY_ms = 500;

const point = z.union([z.tuple([finite, finite, finite]), z.tuple([finite, finite, finite, finite.min(0)])]);
const soFar = z.object({
  points: z.array(point),
  state: z.enum(['measuring', 'done', 'failed']),
  reason: z.string().default(''),
});

function describe({
  band_Hz,
  amplitudeMax_V,
  amplitudeMax_A,
  dc,
  accuracy,
  tellsTime,
}: ImpedanceJsonOptions): DeviceDescription {
  return {
    driver: 'generic/impedance-json',
    channels: [
      { name: 'measuring_on', range: [0, 1], accuracy: { reading_pct: 0, abs: 0, basis: 'default' } },
    ],
    settables: [],
    onLoss: 'unknown',
    safeList: [],
    impedance: { band_Hz, amplitudeMax_V, amplitudeMax_A, dc, accuracy, tellsTime },
  };
}

function decode(reply: JsonMessage): MeasuredSoFar {
  const read = soFar.safeParse(reply);
  if (!read.success)
    throw new DeviceError(
      'garbled',
      'generic/impedance-json',
      `points: ${JSON.stringify(reply).slice(0, 80)}`,
    );
  const { points, state, reason } = read.data;
  return {
    points: points.map(values => ({ values })),
    state,
    reason,
  };
}

function tableOf(asked: ImpedanceJsonOptions): DeviceTable<JsonMessage, JsonMessage> {
  const isAnswer = (reply: JsonMessage): boolean => reply['name'] === asked.name;
  const identity = { ask: 'identity' };
  return {
    description: describe(asked),
    makeLink: () => jsonLinesLink(asked),
    reply_ms: REPLY_ms,
    gap_ms: 0,
    async identify(exchange) {
      const reply = await exchange(identity);
      if (isAnswer(reply)) return { ask: identity, isAnswer };
      const text = `answers as "${String(reply['name'])}", expected "${asked.name}"`;
      throw new DeviceError('identity', 'generic/impedance-json', text);
    },
    reads: [
      {
        ask: { ask: 'state' },
        channels: [0],
        into(reply, values) {
          const { measuring } = reply;
          values[0] = typeof measuring === 'boolean' ? Number(measuring) : Number.NaN;
        },
      },
    ],
    writes: {},
    measure: {
      begin: (request, number) => ({ ask: 'measure', number, request }),
      ask: (number, from) => ({ ask: 'points', number, from }),
      decode,
      cancel: number => ({ ask: 'cancel', number }),
    },
  };
}

/** Any instrument that measures impedance, through a small program that speaks JSON lines. */
export const genericImpedanceJson: DriverEntry<ImpedanceJsonOptions> = {
  id: 'generic/impedance-json',
  manual: 'protocol of this driver, written at the head of its file',
  triedOn: 'emulator only',
  options,
  endpoint: ({ host, port }) => `tcp://${host}:${port}`,
  describe,
  open: (id, asked, env) => openDevice(id, tableOf(asked), env),
};
