import { z } from 'zod';
import { title } from '../../drivers/contract/title.ts';
import { isOwnName } from '../../profiles/language/file/keys.ts';
import { noUnit, splitName } from '../../profiles/language/units/names.ts';
import { accepted, finite, positive } from '../contract/fields.ts';

/** What can stand on a bench, by its type plate or sheet. Methods read it as `subject.capacity_Ah`, `bench.tankVolume_L`. */

/** A figure is a number in a unit of the table of the language. */
const figureName = z.string().check(context => {
  const name = context.value;
  const unit = isOwnName(name) ? splitName(name)?.unit : undefined;
  if (typeof unit === 'object') return;
  const message =
    unit === undefined ? noUnit(name) : `"${name}" is no number, expected stem_unit like "volume_L"`;
  context.issues.push({ code: 'custom', message, input: name });
});

/** Further figures that methods ask for, under names with units; each quantity once. */
const figures = z
  .record(figureName, finite)
  .check(context => {
    const stems = new Map<string, string>();
    for (const name of Object.keys(context.value)) {
      const stem = splitName(name)?.stem ?? name;
      const other = stems.get(stem);
      stems.set(stem, name);
      if (other === undefined) continue;
      const message = `expected one of ${other} and ${name}: they are one figure in two units`;
      context.issues.push({ code: 'custom', message, path: [name], input: context.value });
    }
  })
  .meta({ description: 'further figures that methods ask for: name_unit: number' });

/** What a subject says under a key of its own is no further figure. */
function onceEach(
  context: z.core.ParsePayload<object & { readonly figures?: Readonly<Record<string, number>> | undefined }>,
): void {
  const { figures: further, ...own } = context.value;
  const known = [...Object.keys(own), 'cells_count'];
  for (const name of Object.keys(further ?? {})) {
    const stem = splitName(name)?.stem ?? name;
    const key = known.find(k => k === stem || splitName(k)?.stem === stem);
    if (key === undefined) continue;
    const message = `expected ${key === 'cells_count' ? 'cells' : key} only: ${name} is the same figure`;
    context.issues.push({ code: 'custom', message, path: ['figures', name], input: context.value });
  }
}

/** Figures of the bench itself: `bench.cathodeVolume_L`, `bench.waterFlow_L_per_min`. */
export const benchFigures = figures;

const voltageNominal_V = positive.optional().meta({ description: 'what voltage_pct is a part of' });
const activeMass_g = positive.optional().meta({ description: 'mass that A_per_g and mAh_per_g are by' });

export const stackSchema = z
  .strictObject({
    name: title.meta({ description: 'what it is, in every report' }),
    type: z
      .enum(['pem', 'alkaline', 'aem', 'pcec'], {
        error: 'expected pem, alkaline, aem or pcec (a battery cell stands under `cell`)',
      })
      .meta({ description: 'kind of electrolyser' }),
    cells: z.number().int().min(1).max(1000).meta({ description: 'cells in series: V_per_cell' }),
    activeArea_cm2: positive.meta({ description: 'active area of one cell: A_per_cm2' }),
    currentNominal_A: positive.meta({ description: 'what current_pct is a part of' }),
    powerNominal_kW: positive.meta({ description: 'what power_pct is a part of' }),
    voltageNominal_V,
    /** Highest pressure that the stack is made for (type plate): no gate and no trip may lie above it. */
    pressureMax_barg: positive.meta({
      description: 'highest pressure that the stack is made for (type plate): no gate and no trip above it',
    }),
    figures: figures.optional(),
    accepted,
  })
  .check(onceEach);

/** A battery cell in its holder: what its maker's sheet says. Current limits are the size, both signs. */
export const cellSchema = z
  .strictObject({
    name: title.meta({ description: 'what it is, in every report' }),
    chemistry: z.string().min(1).meta({ description: 'electrodes, e.g. graphite | NMC811' }),
    capacity_Ah: positive.meta({ description: 'nominal capacity: 1 C moves it in 1 h' }),
    currentMax_A: positive.meta({ description: 'size of the highest current, both signs' }),
    voltageMin_V: finite.meta({ description: 'lower cut-off of the sheet' }),
    voltageMax_V: finite.meta({ description: 'upper cut-off of the sheet' }),
    currentNominal_A: positive.optional().meta({ description: 'what current_pct is a part of' }),
    powerNominal_W: positive.optional().meta({ description: 'what power_pct is a part of' }),
    voltageNominal_V,
    activeArea_cm2: positive.optional().meta({ description: 'electrode area: A_per_cm2' }),
    activeMass_g,
    figures: figures.optional(),
    accepted,
  })
  .refine(c => c.voltageMin_V < c.voltageMax_V, 'expected voltageMin_V < voltageMax_V')
  .check(onceEach);

/** A vessel of gas (hydride bed, gas mix): what stands on its type plate. */
export const vesselSchema = z
  .strictObject({
    name: title.meta({ description: 'what it is, in every report' }),
    contents: z.string().min(1).meta({ description: 'what is inside, e.g. LaNi5' }),
    /** Highest pressure that it is made for: no gate and no trip may lie above it. */
    pressureMax_barg: positive.meta({
      description: 'highest pressure that it is made for (type plate): no gate and no trip above it',
    }),
    activeMass_g,
    figures: figures.optional(),
    accepted,
  })
  .check(onceEach);
