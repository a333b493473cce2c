import { z } from 'zod';

/** What people call each number of a state: `{ '3': charging }`. The record holds the number. */
export const stateWords = z.record(
  z.string().regex(/^-?\d+$/, 'expected whole numbers, each with its word'),
  z.string().min(1),
);
