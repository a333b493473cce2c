import { placeOfRole, type RunSource } from '../recorded-run.ts';

/** A column of a table of one cell or stack, in the terms of a vocabulary. */

/** What a column means, in a vocabulary's own words. */
export interface Term {
  /** As the heading has it, e.g. `Voltage / V`. */
  readonly label: string;
  /** The name for machines, e.g. `voltage_volt`. */
  readonly notation: string;
  readonly unit: string;
  /** What it is in the web of data; undefined where nobody has named it yet. */
  readonly iri?: string;
}

/** A role's column, and where the role is recorded. */
export interface SubjectColumn {
  readonly role: string;
  readonly term: Term;
  readonly device: string;
  readonly channel: number;
}

/** The column of a role; empty where it is not recorded. */
export function columnOfRole(source: RunSource, role: string, term: Term): SubjectColumn[] {
  const place = placeOfRole(source, role);
  return place === undefined ? [] : [{ role, term, ...place }];
}

/** `device.channel` of a column, as the record names it. */
export function channelName(source: RunSource, { device, channel }: SubjectColumn): string {
  return `${device}.${source.reader(device).channels[channel]}`;
}

/** `Institution__Subject__YYYYMMDD_001`, as BDF asks. */
export function subjectFileName(institution: string, source: RunSource): string {
  const day = new Date(source.started_ms).toISOString().slice(0, 10).replaceAll('-', '');
  return `${slug(institution)}__${slug(source.bench.subject?.name ?? '')}__${day}_001`;
}

function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'unnamed';
}
