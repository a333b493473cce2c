import { z } from 'zod';
import { finite, positive, role } from '../../contract/fields.ts';

/**
 * What simulates the device under test. Without it: the model of the stack's type with its default set.
 * `parameters` replaces declared figures of the set by name; `fitted` is a parameter file made by `fit`.
 * `beside`: the twin runs along with the bench and predicts these roles; measured minus predicted is a channel.
 */
export const twinSchema = z.strictObject({
  plant: z.string().min(1).meta({ description: 'the model, e.g. pem, alkaline, spme, ecm, hydride' }),
  set: z.string().min(1).optional().meta({ description: 'parameter set of the model; without it its first' }),
  parameters: z
    .record(z.string(), finite)
    .default({})
    .meta({ description: 'replaces declared figures of the set by name' }),
  fitted: z.string().min(1).optional().meta({ description: 'parameter file made by fit' }),
  cell: z.string().min(1).optional().meta({
    description:
      "a cell of one's own: BPX file (plants spme, dfn, spme-dfn) or cell file made by cellbench cell (ecm)",
  }),
  beside: z
    .strictObject({
      roles: z.array(role).min(1).meta({ description: 'roles that it predicts' }),
      every_s: positive.meta({ description: 'so often, s' }),
    })
    .optional()
    .meta({ description: 'the twin runs along with the bench and predicts these roles' }),
});
