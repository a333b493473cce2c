import { z } from 'zod';
import { charge } from './charge.ts';
import { difference } from './difference.ts';
import { energy } from './energy.ts';
import type { DerivedKind } from './kind.ts';
import { max } from './max.ts';
import { mean } from './mean.ts';
import { min } from './min.ts';
import { rate } from './rate.ts';
import { spread } from './spread.ts';

/** The kinds of derived roles; a new one is its file and one line here. */
const KINDS = [max, min, mean, spread, charge, energy, rate, difference] as const;

type SchemaOf<K> = K extends DerivedKind<infer S> ? S : never;
type Schemas<T extends readonly unknown[]> = { readonly [I in keyof T]: SchemaOf<T[I]> };

/** One entry of the bench file's `derived` section. */
export const derivedSchema = z.discriminatedUnion(
  'kind',
  KINDS.map(kind => kind.schema) as unknown as Schemas<typeof KINDS>,
);
export type DerivedSpec = z.infer<typeof derivedSchema>;

const byName = new Map<string, unknown>(KINDS.map(kind => [kind.schema.shape.kind.value, kind]));

/** A kind that takes any spec: its schema has seen to it that it is its own. */
type AnyKind = DerivedKind<z.ZodObject, DerivedSpec>;

/** The entry of a derived role's kind. */
export function derivedKindOf(spec: DerivedSpec): AnyKind {
  return byName.get(spec.kind) as AnyKind;
}
