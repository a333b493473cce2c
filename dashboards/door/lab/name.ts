import { z } from 'zod';

/** A part of a name with its end, and one that a draft of it has, is to be taken by every file system (255 bytes). */
const LONGEST_PART_BYTES = 200;
/** Name of something in the lab: a path below its folder with `/`, without its end, or a built-in method. */
export const nameSchema = z
  .string()
  .min(1, { error: 'expected a name in the lab', abort: true })
  .max(300, { error: 'expected a name in the lab of 300 characters at most', abort: true })
  .regex(/^[\p{L}\p{N}_][\p{L}\p{N}_ .@+-]*(\/[\p{L}\p{N}_][\p{L}\p{N}_ .@+-]*)*$/u, {
    error: 'expected a name in the lab',
    abort: true,
  })
  .refine(
    name =>
      name
        .split('/')
        .every(part => new TextEncoder().encode(part).length <= LONGEST_PART_BYTES && !/[ .]$/.test(part)),
    `expected a name in the lab: no part of it longer than ${LONGEST_PART_BYTES} bytes, none that ends with a blank or a dot`,
  );
