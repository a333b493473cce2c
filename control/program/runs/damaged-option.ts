import { z } from 'zod';

/** The option of every command that reads a record: what happens where it is damaged. */
export const damagedOption = z
  .enum(['refuse', 'mark'], { error: 'expected mark (read the rest, and say what is left out) or refuse' })
  .default('refuse');
