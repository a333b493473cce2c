import { z } from 'zod';

/** What controller and guard say to each other. */

const finite = z.number().refine(Number.isFinite);

/** What a guard must know before it watches: checked, for it comes from another process. */
export const guardTaskSchema = z.strictObject({
  /** Which subject of the bench it is about; of a bench that has one without a name, empty. */
  of: z.string(),
  /** The controller: ended by the guard when it is silent, so that its lines are free. */
  pid: z.number().int().positive(),
  /** The controller's word where an instrument keeps one of its owner: the guard stands in for it. */
  word: z.number().int().positive(),
  /** Silence of the controller for so long, s, and the guard acts. */
  timeout_s: finite,
  /** Devices that it opens when it acts. */
  devices: z.array(z.string().min(1)),
  /** Of these, what all subjects of the bench use. */
  shared: z.array(z.string().min(1)),
  /** Of these, whose line the controller has open for another subject: nobody else can try it. */
  taken: z.array(z.string().min(1)),
  /** The address of every instrument of the bench, with all its subjects. */
  addresses: z.array(z.string()),
  /** The bench as it was read, its options pointed where the instruments are. */
  bench: z.record(z.string(), z.unknown()),
  baseDir: z.string(),
  /** Folder of the run: what it does is written there, line by line. */
  dir: z.string(),
  /** What the next start must be told is written here; null: emulated instruments, which are gone by then. */
  mark: z.string().nullable(),
});
export type GuardTask = z.infer<typeof guardTaskSchema>;

/**
 * To the guard: a task for each subject; a beat with each control tick; at the orderly end of a subject, or of all, `end`.
 * `needed`: subjects for which a run is under way, or whose safe state is not proved. Without one nothing depends on the
 * controller.
 */
export const toGuardSchema = z.discriminatedUnion('say', [
  z.strictObject({ say: z.literal('task'), task: guardTaskSchema }),
  z.strictObject({ say: z.literal('beat'), n: finite, needed: z.array(z.string()) }),
  z.strictObject({ say: z.literal('end'), of: z.string().optional() }),
]);
export type ToGuard = z.infer<typeof toGuardSchema>;

/** From the guard: every instrument of a task answered it, or not; then the answer to each beat. */
export const fromGuardSchema = z.discriminatedUnion('say', [
  z.strictObject({ say: z.literal('ready'), of: z.string() }),
  z.strictObject({ say: z.literal('refused'), of: z.string(), reason: z.string() }),
  z.strictObject({ say: z.literal('beat'), n: finite, answer: finite }),
]);
export type FromGuard = z.infer<typeof fromGuardSchema>;

/** What beat `n` is answered with: what merely echoes does not know it. */
export const answerTo = (n: number): number => (n * 7919 + 104_729) % 1_000_003;
