import { z } from 'zod';
import { ExpressionError, readExpression } from './expression.ts';

/**
 * Battery Parameter eXchange (BPX, Faraday Institution), versions 0.x and 1.x, as far as a cell is made of it. Fields that
 * no model here uses are let through and said (`unusedOf`); what would change figures and is not modelled is refused.
 */

const positive = z.number().positive();
const fraction = z.number().gt(0).lt(1);
const energy = z.number().min(0).max(500_000).optional();

/** Table of a function, at least two points, x rising or falling. */
const table = z
  .strictObject({ x: z.array(z.number()).min(2), y: z.array(z.number()).min(2) })
  .refine(t => t.x.length === t.y.length, 'x and y differ in length, expected as many of each')
  .refine(t => isOrdered(t.x), 'x goes up and down, expected rising or falling values, each once');

function isOrdered(x: readonly number[]): boolean {
  const rises = x[1] > x[0];
  return x.every((value, i) => i === 0 || (rises ? value > x[i - 1] : value < x[i - 1]));
}

/** Python arithmetic in x. */
const expression = z.string().superRefine((text, context) => {
  try {
    readExpression(text);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    context.addIssue({
      code: 'custom',
      message: `expected a function of x: character ${error.column}, ${error.message}`,
    });
  }
});

const figure = z.union([z.number(), expression, table]);
/** A constant, a function of x or a table. */
export type BpxFigure = z.infer<typeof figure>;

const particle = {
  'Minimum stoichiometry': z.number().min(0).max(1),
  'Maximum stoichiometry': z.number().min(0).max(1),
  'Maximum concentration [mol.m-3]': positive,
  'Particle radius [m]': positive.max(1e-3),
  'Surface area per unit volume [m-1]': positive,
  'Diffusivity [m2.s-1]': figure,
  'Diffusivity activation energy [J.mol-1]': energy,
  'OCP [V]': figure,
  'Reaction rate constant [mol.m-2.s-1]': positive,
  'Reaction rate constant activation energy [J.mol-1]': energy,
};

const electrode = z
  .looseObject({
    ...particle,
    'Thickness [m]': positive.max(0.1),
    // Plain single-particle files have none of the three.
    'Conductivity [S.m-1]': positive.optional(),
    Porosity: fraction.optional(),
    'Transport efficiency': z.number().gt(0).max(1).optional(),
  })
  .refine(
    e => e['Maximum stoichiometry'] > e['Minimum stoichiometry'],
    'the maximum stoichiometry is not above the minimum',
  )
  .refine(
    e => (e['Surface area per unit volume [m-1]'] * e['Particle radius [m]']) / 3 < 1,
    'surface per volume times radius over 3 is the share of active material, expected below 1',
  );
export type BpxElectrode = z.infer<typeof electrode>;

const contact = z.looseObject({
  'Thickness [m]': positive.max(0.1),
  Porosity: fraction,
  'Transport efficiency': z.number().gt(0).max(1),
});

const electrolyte = z.looseObject({
  'Initial concentration [mol.m-3]': positive.optional(),
  'Cation transference number': z.number().gt(0).max(1),
  'Conductivity [S.m-1]': figure,
  'Conductivity activation energy [J.mol-1]': energy,
  'Diffusivity [m2.s-1]': figure,
  'Diffusivity activation energy [J.mol-1]': energy,
});

/** As the plants go: -30..60 degC. */
const kelvin = z.number().min(243.15).max(333.15);

const cell = z
  .looseObject({
    'Electrode area [m2]': positive,
    'Number of electrode pairs connected in parallel to make a cell': z.number().int().min(1),
    'External surface area [m2]': positive.optional(),
    'Volume [m3]': positive.optional(),
    'Lower voltage cut-off [V]': z.number(),
    'Upper voltage cut-off [V]': z.number(),
    'Nominal cell capacity [A.h]': positive,
    'Reference temperature [K]': kelvin.optional(),
    'Initial temperature [K]': kelvin.optional(),
    'Density [kg.m-3]': positive.optional(),
    'Specific heat capacity [J.K-1.kg-1]': positive.optional(),
  })
  .refine(
    c => c['Upper voltage cut-off [V]'] > c['Lower voltage cut-off [V]'],
    'the upper cut-off is not above the lower',
  );

const isNone = (lost: unknown): boolean =>
  lost === 0 || (typeof lost === 'object' && lost !== null && Object.values(lost).every(part => part === 0));
const none = z
  .unknown()
  .refine(
    isNone,
    'expected 0: lost lithium or material is not taken from a file, give the aged figures of the electrodes',
  );

/** A BPX file. */
export const bpxSchema = z.looseObject({
  Header: z.looseObject({
    BPX: z
      .union([z.string(), z.number()])
      .refine(v => /^\s*[01](\.|$)/.test(String(v)), 'expected version 0.x or 1.x of the format'),
    Title: z.string().optional(),
    References: z.string().optional(),
    Model: z.enum(['SPM', 'SPMe', 'DFN'], {
      error: 'expected SPM, SPMe or DFN: a partial file is not a cell',
    }),
  }),
  Parameterisation: z.looseObject({
    Cell: cell,
    Electrolyte: electrolyte.optional(),
    'Negative electrode': electrode,
    'Positive electrode': electrode,
    Separator: contact.optional(),
  }),
  State: z
    .looseObject({
      'Initial conditions': z
        .looseObject({
          'Initial state-of-charge': z.number().min(0).max(1).nullish(),
          'Initial temperature [K]': kelvin.nullish(),
          'Initial electrolyte concentration [mol.m-3]': positive.nullish(),
        })
        .nullish(),
      'Thermal environment': z
        .looseObject({ 'Heat transfer coefficient [W.m-2.K-1]': positive.nullish() })
        .nullish(),
      Degradation: z
        .looseObject({
          LLI: none.optional(),
          'LAM: Positive electrode': none.optional(),
          'LAM: Negative electrode': none.optional(),
        })
        .nullish(),
    })
    .nullish(),
});
export type Bpx = z.infer<typeof bpxSchema>;
