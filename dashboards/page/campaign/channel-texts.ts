import { utcText } from '../../format.ts';
import { language, words } from '../words/language.ts';
import { verdictIn } from '../words/verdict/verdict.ts';
import type { Channel } from './matrix-facts.ts';

/** How a channel is called, what is said of it, and where its page is. */

/** 03: two digits, as it stands in the matrix. */
export function numberText(number: number): string {
  return String(number).padStart(2, '0');
}

/** Address of a run's live page below the page of its campaign. */
export function pageOf(run: string): string {
  return `run/${encodeURIComponent(run)}/`;
}

/** Why it wants somebody, or waits; empty: nothing to say. */
export function whyText({ why, since }: Pick<Channel, 'why' | 'since'>): string {
  return since === undefined ? verdictIn(language(), why) : words().matrix.silentSince(utcText(since));
}
