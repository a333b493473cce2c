import { type REGISTER_TYPES, widthOf } from '../protocol/modbus-registers.ts';

/** Registers that two entries of a map claim. */

/** What may lie over another one. */
interface Span {
  readonly name: string;
  readonly table: string;
  readonly address: number;
  readonly type: (typeof REGISTER_TYPES)[number];
  readonly count?: number;
  readonly bits?: number;
  readonly oneOf?: readonly number[];
}

const isState = ({ bits, oneOf }: Span): boolean => bits !== undefined || oneOf !== undefined;

/** The first that lies over registers of one before it in the same table; several states may be read from one word. */
export function overlapOf(
  all: readonly Span[],
): { readonly index: number; readonly registers: string; readonly other: string } | undefined {
  const spans = all.map(span => ({
    span,
    last:
      span.address +
      (span.count ?? 1) * (span.table === 'holding' || span.table === 'input' ? widthOf(span.type) : 1) -
      1,
  }));
  for (const [index, { span, last }] of spans.entries()) {
    const other = spans.slice(0, index).find(({ span: o, last: end }) => {
      if (o.table !== span.table || o.address > last || span.address > end) return false;
      return !(isState(o) && isState(span) && o.address === span.address && o.type === span.type);
    });
    if (other === undefined) continue;
    const [from, to] = [Math.max(span.address, other.span.address), Math.min(last, other.last)];
    return { index, registers: from === to ? `${from}` : `${from}..${to}`, other: other.span.name };
  }
  return undefined;
}
