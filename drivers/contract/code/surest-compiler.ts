import { setFlagsFromString } from 'node:v8';

/**
 * The first import of every process of the program. The middle compiler of V8 13.6 (Maglev) is left out: on a machine whose
 * processors are all busy a program that it had just compiled ended by a signal (nodejs/node issue 64841, 24.15 and later),
 * and once the charge of a night came out as its energy, digit by digit, from a record that said otherwise. The last compiler
 * is warm a moment later; a rehearsal takes as long.
 */
setFlagsFromString('--no-maglev');
