/**
 * Cell voltages in the application status of a monitor of Kolibrik (source: the maker's library `xc2`, xc2_dev_cvm64h.py
 * and xc2_dev_cvm32a.py). What stands in front is high byte first; the maker's program takes the cells in the order of
 * the computer that it runs on, which is low byte first on a PC. Which it is, is proved by the monitor's own sum.
 */

export const CVM_MODELS = ['CVM24P', 'CVM32A', 'CVM64H'] as const;
export type CvmModel = (typeof CVM_MODELS)[number];

interface Layout {
  /** Most cells of a module. */
  readonly cells: number;
  /** Bytes in front of the cells. */
  readonly head: number;
  /** Where the sum of the cells stands, float, V (recalled: its unit). */
  readonly sumAt: number;
  readonly bytes: 2 | 4;
  /** V in a count of an integer; recalled. */
  readonly perCount: number;
  /** Where its clock stands, unsigned, in a unit of its own. */
  readonly clockAt?: number;
  /** Where the first and last of its channels that it measures stand. */
  readonly rangeAt?: number;
}

/** Time (4 bytes), sum, floats. */
const FLOATS = { head: 8, sumAt: 4, bytes: 4, perCount: 1, clockAt: 0 } as const;
export const LAYOUTS: Readonly<Record<CvmModel, Layout>> = {
  // The maker's own example reads the same three things of a CVM24P as of a CVM64H; that they lie the same is recalled.
  CVM24P: { cells: 24, ...FLOATS },
  CVM64H: { cells: 64, ...FLOATS },
  // Temperature, three voltages of its supply, outputs, inputs, first and last channel, sum, 16-bit integers.
  CVM32A: { cells: 32, head: 24, sumAt: 20, bytes: 2, perCount: 1e-3, rangeAt: 18 },
};

/** What a status says. */
export interface CellStatus {
  /** V, in the order of the module; NaN where there is no number. */
  readonly cells_V: readonly number[];
  /** The monitor's own clock, in its unit; undefined where it has none. */
  readonly clock: number | undefined;
  /** Whether the monitor's own sum proves the cells; undefined where a cell is no number: then nothing can be proved. */
  readonly proved: boolean | undefined;
  /** Whether the cells are low byte first. */
  readonly isLittle: boolean;
  readonly sum_V: number;
}

/** Largest voltage of a cell input that is believed, V (default): beyond it stands an open wire. */
const INPUT_MAX_V = 100;
/** The sum and the cells are rounded apart from each other: V for each cell, and parts of the sum (default). */
const ROUNDING_V = 0.0006;
const ROUNDING = 1e-4;

/**
 * The cells in a status. `wasLittle`: the order that has been proved before, for a status in which nothing can be.
 * @returns undefined where it is no status of this model with so many cells
 */
export function cellsIn(
  data: Uint8Array,
  model: CvmModel,
  count: number,
  wasLittle = true,
): CellStatus | undefined {
  const layout = LAYOUTS[model];
  const { head, sumAt, bytes, clockAt, rangeAt } = layout;
  const shown = (data.length - head) / bytes;
  if (!Number.isInteger(shown) || shown < count || shown > layout.cells) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (rangeAt !== undefined && view.getUint8(rangeAt + 1) - view.getUint8(rangeAt) + 1 !== shown)
    return undefined;
  const sum_V = view.getFloat32(sumAt);
  const orders = [wasLittle, !wasLittle].map(isLittle => {
    const all_V = Array.from({ length: shown }, (_, i) => cellAt(view, layout, i, isLittle));
    const sum = all_V.reduce((a, b) => a + b, 0);
    const isProof = Math.abs(sum - sum_V) <= shown * ROUNDING_V + ROUNDING * Math.abs(sum_V);
    return { all_V, isLittle, proved: Number.isNaN(sum) || Number.isNaN(sum_V) ? undefined : isProof };
  });
  const { all_V, proved, isLittle } = orders.find(order => order.proved === true) ?? orders[0];
  return {
    cells_V: all_V.slice(0, count),
    clock: clockAt === undefined ? undefined : view.getUint32(clockAt),
    proved,
    isLittle,
    sum_V,
  };
}

function cellAt(view: DataView, { head, bytes, perCount }: Layout, i: number, isLittle: boolean): number {
  const at = head + bytes * i;
  const value = bytes === 4 ? view.getFloat32(at, isLittle) : perCount * view.getInt16(at, isLittle);
  return Math.abs(value) <= INPUT_MAX_V && value !== -0x8000 * perCount ? value : Number.NaN;
}
