import type { PastAlarm } from '../../../control/view.ts';

/** The history of alarms as a file. */

const HEAD =
  'came_s,gone_s,stood_s,alarm,reaction,priority,came_first,value,peak,limit,unit,times,acknowledged_s,acknowledged_by,shelved_by,shelved_because,phase,step,text';

/** CSV (RFC 4180), a row each time that an alarm came, in the order given; times in s of run time, empty: none. */
export function alarmsCsv(alarms: readonly PastAlarm[]): string {
  const rows = alarms.map(a =>
    [
      ...[a.raised_s, a.cleared_s, a.cleared_s === null ? null : a.cleared_s - a.raised_s],
      ...[a.id, a.reaction, a.priority, a.isFirstOut ? 1 : 0, a.value, a.peak, a.limit, a.unit, a.count],
      ...[a.acknowledged_s, a.acknowledgedBy, a.shelved?.by ?? '', a.shelved?.reason ?? ''],
      ...[a.phase, a.step, a.text],
    ]
      .map(cell)
      .join(','),
  );
  return [HEAD, ...rows, ''].join('\r\n');
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // A program of tables takes these for a formula.
  const plain = /^[=+\-@]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
