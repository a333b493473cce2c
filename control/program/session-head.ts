import { hostname } from 'node:os';
import type { SessionHead } from '../record/journal-messages.ts';
import type { Software } from '../review/result.ts';
import { softwareText } from './result/software.ts';

/** Who writes a record: this process, by its clock at a run time. */
export function sessionHead(software: Software, utc: string, t_s: number): SessionHead {
  return { pid: process.pid, host: hostname(), software: softwareText(software), utc, t_s };
}
