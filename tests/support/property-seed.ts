import fc from 'fast-check';

/**
 * Property tests draw the same cases on every machine, so that a change and not the day decides whether they pass.
 * `PROPERTY_SEED=42 npm test` (any whole number) draws others; a case that fails is frozen as an example.
 */
const seed = Number(process.env['PROPERTY_SEED'] ?? 1);
if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED ${seed}, expected a whole number`);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
