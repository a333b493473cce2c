import { z } from 'zod';
import type { ConditionNames } from './condition.ts';
import { curve } from './curve.ts';
import { difference } from './difference.ts';
import { expression } from './expression.ts';
import { follows } from './follows.ts';
import type { InterlockKind } from './kind.ts';
import { rate } from './rate.ts';
import { residual } from './residual.ts';
import { spread } from './spread.ts';
import { stuck } from './stuck.ts';
import { threshold } from './threshold.ts';

/** The kinds of interlock; a new one is its file and one line here. */
const KINDS = [threshold, curve, rate, difference, spread, residual, stuck, follows, expression] as const;

type SchemaOf<K> = K extends InterlockKind<infer S> ? S : never;
type Schemas<T extends readonly unknown[]> = { readonly [I in keyof T]: SchemaOf<T[I]> };

/** One interlock of a bench file. */
export const interlockSchema = z.discriminatedUnion(
  'kind',
  KINDS.map(kind => kind.schema) as unknown as Schemas<typeof KINDS>,
);
export type InterlockSpec = z.infer<typeof interlockSchema>;

const byName = new Map<string, unknown>(KINDS.map(kind => [kind.schema.shape.kind.value, kind]));

/** Names of all kinds. */
export const KIND_NAMES = KINDS.map(kind => kind.schema.shape.kind.value);

/** A kind that takes any spec: its schema has seen to it that it is its own. */
type AnyKind = InterlockKind<z.ZodObject, InterlockSpec>;

/** The entry of an interlock's kind. */
export function kindOf(spec: InterlockSpec): AnyKind {
  return byName.get(spec.kind) as AnyKind;
}

/** The role that speaks for an interlock: the first that it judges. */
export function mainRole(spec: InterlockSpec, names: ConditionNames): string {
  return 'role' in spec ? spec.role : kindOf(spec).judged(spec, names)[0];
}
