import { z } from 'zod';
import type { AlarmPage, AlarmsAsked, Command, Said } from '../../control/view.ts';
import type { AskedThrough } from '../asked-through.ts';
import type { CampaignChannels } from './lab/channels.ts';
import { cutOffSchema, leftSchema } from './lab/cut-off.ts';
import { nameSchema } from './lab/name.ts';
import { orderAskedSchema, orderSchema } from './lab/order.ts';
import { type Silent, silentSchema } from './lab/silent.ts';
import type { ValuesAsked } from './lab/values-asked.ts';
import type { Verified } from './lab/verified.ts';

export { nameSchema } from './lab/name.ts';

/**
 * What the door of a laboratory serves: a folder with bench files, methods, campaigns and runs, and what may be done there.
 * The door asks who somebody is and what they may; a lab does it. Whatever is carried out is a process of its own, so that
 * no visitor can slow down a run or end it by ending the door.
 */

const text = z.string();
const figure = z.number();
export const MODES = ['twin', 'wire', 'real'] as const;
/** twin: in virtual time on the model; wire: in real time on emulated instruments; real: on the instruments. */
export type LabMode = (typeof MODES)[number];
/** How a record calls the mode in which a run was started. */
export const MODE_NAME: Readonly<Record<LabMode, string>> = {
  twin: 'rehearsal',
  wire: 'wire',
  real: 'bench',
};

/** What is wrong or noteworthy in a file; `line` and `column` from 1, 0 where it is no place. */
export const findingSchema = z.strictObject({
  severity: z.enum(['error', 'warning', 'note']),
  line: figure,
  column: figure,
  text,
  /** What stands nearest to it and would be right; null: nothing near. */
  hint: text.nullable(),
});
export type Finding = z.output<typeof findingSchema>;

/** A file of the lab as it stands; `sha256` names this state of it. */
export const labFileSchema = z.strictObject({
  name: text,
  title: text,
  isBuiltIn: z.boolean(),
  sha256: text,
});
export const labTextSchema = labFileSchema.extend({ text, findings: z.array(findingSchema) });
export const benchSchema = labFileSchema.extend({
  subjects: z.array(text),
  /** Drivers of its devices, by device; whether all of them have emulators. */
  devices: z.record(text, text),
  canEmulate: z.boolean(),
  /** The run that goes on with it, or each of its channels; empty: it is free. */
  busy: z.array(text),
  /** What is wrong in its file: with an error in it nothing can be started on it, and nothing else is known of it. */
  findings: z.array(findingSchema),
  /** Runs that were the last on it, or on a channel of it, and left it without a word: somebody must look. */
  left: z.array(leftSchema),
});
/** A role of a bench: what methods speak of. */
export const benchRoleSchema = z.strictObject({
  role: text,
  /** Subject that it is of; empty: of the bench, or of its only one. */
  subject: text,
  unit: text,
  /** How far it is measured or may be set, in its unit; null: nothing says so. */
  min: figure.nullable(),
  max: figure.nullable(),
  /** How many values it has: 1, or those of an array (`cell.voltage_V[]`). */
  members: figure,
  isSet: z.boolean(),
  /** Names of the states that its numbers are; empty: it is a quantity. */
  words: z.record(text, text),
});
export const benchTextSchema = labTextSchema.extend({ roles: z.array(benchRoleSchema) });
export type BenchRole = z.output<typeof benchRoleSchema>;
export type BenchText = z.output<typeof benchTextSchema>;
export type LabFile = z.output<typeof labFileSchema>;
export type LabText = z.output<typeof labTextSchema>;
export type LabBench = z.output<typeof benchSchema>;

/** It begins with `procedure:`: others call it; started from here, it is called by a method that is made for it. */
const isProcedure = z.boolean();
export const listedMethodSchema = labFileSchema.extend({ isProcedure });
export type ListedMethod = z.output<typeof listedMethodSchema>;

/** One parameter of a method: a field of a form. */
export const parameterSchema = z.strictObject({
  name: text,
  unit: text,
  /** Units in which it may be written (`500 mA`), its own first; empty: it is no number. */
  units: z.array(text),
  kind: z.enum(['number', 'list', 'choice', 'text']),
  default: z.union([figure, text, z.array(figure)]).nullable(),
  min: figure.nullable(),
  max: figure.nullable(),
  choices: z.array(text),
  doc: text,
});
export const methodSchema = labTextSchema.extend({
  isProcedure,
  parameters: z.array(parameterSchema),
  /** Names of the figures that it returns. */
  figures: z.array(text),
});
export type LabMethod = z.output<typeof methodSchema>;

/** What is to be carried out. `set`: parameters of the method by name, as a person writes them (`2.5 A`). */
export const plannedSchema = z.strictObject({
  bench: nameSchema,
  method: nameSchema,
  subject: z.string().min(1).max(200).exactOptional(),
  set: z.record(z.string().min(1).max(100), z.string().min(1).max(1000)).default({}),
});
export type Planned = z.output<typeof plannedSchema>;

export const startSchema = plannedSchema.extend({
  mode: z.enum(MODES),
  /** Length of a run on emulated wires, minutes; simulated seconds per second of one on a twin. */
  minutes: z.number().positive().max(100_000).exactOptional(),
  pace: z.number().positive().max(1e6).exactOptional(),
  /** Says that somebody has looked at the bench after a run on it that ended without a word. */
  hasLooked: z.boolean().default(false),
  order: orderAskedSchema.exactOptional(),
});
export type StartAsked = z.output<typeof startSchema>;

/** A rehearsal asked for from outside: it goes on beside the door. */
export const rehearsalSchema = z.strictObject({
  id: text,
  planned: plannedSchema,
  state: z.enum(['under way', 'done', 'failed', 'given up']),
  /** Share of it that is done, 0..1; null: not known. */
  done: figure.nullable(),
  /** Why it failed; else empty. */
  reason: text,
  findings: z.array(findingSchema),
  /** What `cellbench rehearse --json` says; null until it is done. */
  result: z.record(text, z.unknown()).nullable(),
});
export type LabRehearsal = z.output<typeof rehearsalSchema>;

/** A run in the lab. Times UTC; null: there is none. */
export const runSchema = z.strictObject({
  id: text,
  bench: text,
  method: text,
  mode: text,
  startedUtc: text,
  /** `starting` until its process says more; `going` while it takes commands; else over. */
  state: z.enum(['starting', 'going', 'over']),
  verdict: text,
  criteria: text,
  duration_s: figure.nullable(),
  rows: figure.nullable(),
  bytes: figure,
  /** Campaign that it is part of; null: none. */
  campaign: text.nullable(),
  /** As it was started at the door, by whom and what for; null: it was begun elsewhere, or too long ago to be remembered. */
  started: z
    .strictObject({
      by: text,
      method: text,
      subject: text.nullable(),
      set: z.record(text, text),
      order: orderSchema.nullable(),
    })
    .nullable(),
  /** Its process is there and does not answer; null: it answers, or there is none that would. */
  silent: silentSchema.nullable(),
  /** It ended without a word, and how its bench was left; null: it goes on, or has said how it ended. */
  cutOff: cutOffSchema.nullable(),
});
export type LabRun = z.output<typeof runSchema>;

export const campaignSchema = z.strictObject({
  id: text,
  file: text,
  mode: text,
  is: z.enum(['under way', 'stopped', 'over', 'starting']),
  /** Why it could not be started; else empty. */
  reason: text,
  /** `campaign.json` of it; null until it is there. */
  course: z.record(text, z.unknown()).nullable(),
});
export type LabCampaign = z.output<typeof campaignSchema>;

export const campaignStartSchema = z.strictObject({
  file: nameSchema,
  mode: z.enum(MODES),
  minutes: z.number().positive().max(100_000).exactOptional(),
  pace: z.number().positive().max(1e6).exactOptional(),
  hasLooked: z.boolean().default(false),
});
export type CampaignStart = z.output<typeof campaignStartSchema>;

/** Why something is not done: in a person's words, with what was expected. `missing`: no such thing; `clash`: not now; `busy`: later. */
export class LabRefusal extends Error {
  readonly why: 'missing' | 'bad' | 'clash' | 'busy';
  readonly findings: readonly Finding[];
  constructor(why: LabRefusal['why'], message: string, findings: readonly Finding[] = []) {
    super(message);
    this.why = why;
    this.findings = findings;
  }
}

/** An answer of a run or a campaign to what was asked of it; it decides. */
export interface Decided {
  readonly accepted: boolean;
  readonly text: string;
  /** Of a run: the same as data, for a page in any language. */
  readonly said?: Said;
}

/** A laboratory. Everything may throw LabRefusal. `who`: stands in records and audit trails. */
export interface Lab {
  /** Name of it: of its folder. */
  readonly name: string;
  /** Free bytes for records, seconds of uptime, version. */
  health(): Promise<{
    readonly ok: boolean;
    readonly version: string;
    readonly free_bytes: number;
    readonly up_s: number;
  }>;

  benches(): Promise<readonly LabBench[]>;
  bench(name: string): Promise<BenchText>;
  methods(): Promise<readonly ListedMethod[]>;
  method(name: string): Promise<LabMethod>;
  /** What is wrong in a text that would be this method, on a bench where one is named. */
  checkMethod(of: {
    readonly text: string;
    readonly bench?: string;
    /** What it is, or would be called: what it calls is looked for beside it. */
    readonly name?: string;
  }): Promise<readonly Finding[]>;
  /** Writes a method of the lab's own; `sha256` is the state that was edited, null for a new one. A wrong one is refused. */
  saveMethod(of: {
    readonly name: string;
    readonly text: string;
    readonly sha256: string | null;
  }): Promise<LabText>;
  /** JSON schema of a kind of file. */
  schemas(): Promise<readonly string[]>;
  schema(name: string): Promise<Record<string, unknown>>;

  rehearse(planned: Planned): Promise<LabRehearsal>;
  rehearsal(id: string): Promise<LabRehearsal>;
  giveUpRehearsal(id: string): Promise<LabRehearsal>;

  runs(): Promise<readonly LabRun[]>;
  run(id: string): Promise<LabRun>;
  start(asked: StartAsked, who: string): Promise<LabRun>;
  command(id: string, command: Command, who: string, through?: AskedThrough): Promise<Decided>;
  /** `result.json` of it, read and as it is written. */
  result(id: string): Promise<Record<string, unknown>>;
  resultText(id: string): Promise<string>;
  report(id: string): Promise<string>;
  verify(id: string): Promise<Verified>;
  /** `{ spectra, voltammograms }` of one that is over, as `control/view.ts` has them. */
  spectra(id: string): Promise<Record<string, unknown>>;
  values(id: string, asked: ValuesAsked): Promise<Record<string, unknown>>;
  events(id: string): Promise<readonly Record<string, unknown>[]>;
  /** A page of the history of its alarms, the newest first. */
  alarms(id: string, asked: AlarmsAsked): Promise<AlarmPage>;
  /** Two to four of them, figure by figure. */
  compare(ids: readonly string[]): Promise<Record<string, unknown>>;
  /** Makes an export in an open format beside the record, or gives the one that is there; the files in it. */
  exportRun(id: string, format: string): Promise<{ readonly files: readonly string[] }>;
  /** A file of an export, on this machine. */
  exportedFile(id: string, format: string, file: string): Promise<string>;
  /** Address of the live page of a run under way, on this machine; undefined: it has none. */
  livePage(id: string): string | undefined;
  /** Whether the process of a run under way answers: null, it does. Takes some seconds where it does not. */
  silent(id: string): Promise<Silent | null>;
  /** The same as far as it is known now: true, it is known not to answer. */
  isSilent(id: string): boolean;

  campaigns(): Promise<readonly LabCampaign[]>;
  campaignFiles(): Promise<readonly LabFile[]>;
  campaign(id: string): Promise<LabCampaign>;
  campaignChannels(id: string): Promise<CampaignChannels>;
  startCampaign(asked: CampaignStart, who: string): Promise<LabCampaign>;
  /** `change` as `cellbench campaign edit` makes it. */
  editCampaign(id: string, change: Record<string, unknown>, because: string, who: string): Promise<Decided>;
  morning(id: string): Promise<string>;
}
