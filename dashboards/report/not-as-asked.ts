import { isNotHeld, type NotAsAsked } from '../../control/view.ts';
import { durationText, escapeHtml, figureText, timeText, unitText } from '../format.ts';
import { table } from './tables.ts';

/** What was asked and did not come, what is not whole, and readings that may be none; nothing where nothing was found. */
export function notAsAskedSection({
  shortSteps = [],
  inexactSteps = [],
  sameFigures = [],
  incomplete = [],
  controlled = [],
  leftLoops = [],
  rowsLost = [],
  rowGaps = [],
  unread = [],
}: NotAsAsked): string {
  const figure = (value: number | undefined, unit: string): string =>
    value === undefined
      ? ''
      : `${figureText(Number(value.toPrecision(4))).value} ${escapeHtml(unitText(unit))}`;
  const left = leftLoops.map(
    one =>
      `<tr><td class="n">${timeText(one.t_s)}</td><th scope="row">${one.loop}, ${escapeHtml(one.where)}</th>` +
      `<td class="n">${one.round}</td><td class="n">${one.rounds}</td><td>${escapeHtml(one.by)}: ${escapeHtml(one.reason)}</td><td class="n">${one.count}</td></tr>`,
  );
  const short = shortSteps.map(
    s =>
      `<tr><td class="n">${timeText(s.from_s)}</td><th scope="row">${escapeHtml(s.step)}</th><td>${escapeHtml(s.phase)}</td>` +
      `<td>${escapeHtml(s.role)}</td><td class="n">${figure(s.asked, s.unit)}</td><td class="n">${figure(s.shown, s.unit)}</td>` +
      `<td class="n">${durationText(s.away_s)}</td><td class="n">${s.count}</td></tr>`,
  );
  const inexact = inexactSteps.map(
    one =>
      `<tr><th scope="row">${escapeHtml(one.step)}</th><td>${escapeHtml(one.phase)}</td>` +
      [one.asked_s, one.lasted_s, one.allowed_s]
        .map(time => `<td class="n">${figure(time, 's')}</td>`)
        .join('') +
      `<td class="n">${one.count}</td></tr>`,
  );
  const inexactHeads = ['step', 'phase', '>asked', '>lasted at worst', '>more is told', '>runs'];
  const same = sameFigures.map(
    s =>
      `<tr><td class="n">${timeText(s.at.t_s)}</td><th scope="row">${escapeHtml(s.role)}</th>` +
      `<td>${escapeHtml([s.at.phase, s.at.step].filter(text => text !== '').join(', '))}</td><td class="n">${figure(s.value, s.unit)}</td>` +
      `<td class="n">${s.readings}</td><td class="n">${figure(s.charge_Ah, 'Ah')}</td><td class="n">${figure(s.moved_A, 'A')}</td><td class="n">${s.usual_readings ?? ''}</td></tr>`,
  );
  const cut = incomplete.map(
    one =>
      `<tr><td class="n">${timeText(one.from_s)}</td><th scope="row">${escapeHtml(one.name)}</th><td>${one.kind}</td>` +
      `<td class="n">${one.points}</td><td class="n">${one.asked}</td><td>${escapeHtml(one.reason)}</td></tr>`,
  );
  const held = controlled.map(
    one =>
      `<tr${isNotHeld(one) ? ' class="bad"' : ''}><th scope="row">${escapeHtml(one.step)}</th><td>${escapeHtml(one.phase)}</td><td>${escapeHtml(one.role)}</td>` +
      [one.target, one.within, one.rms, one.beyond]
        .map(value => `<td class="n">${figure(value ?? undefined, one.unit)}</td>`)
        .join('') +
      `<td class="n">${one.readings}</td></tr>`,
  );
  const lost = rowsLost.map(
    ({ device, last_s, cut_s }) =>
      `<tr class="bad"><th scope="row">${escapeHtml(device)}</th><td class="n">${last_s === null ? '' : timeText(last_s)}</td>` +
      `<td class="n">${timeText(cut_s)}</td><td class="n">${durationText(cut_s - (last_s ?? 0))}</td></tr>`,
  );
  const lostHeads = ['instrument', '>last row', '>cut off', '>without a row'];
  const gaps = rowGaps.map(
    one =>
      `<tr><th scope="row">${escapeHtml(one.device)}</th><td class="n">${one.count}</td><td class="n">${durationText(one.all_s)}</td>` +
      `<td class="n">${timeText(one.from_s)}</td><td class="n">${durationText(one.long_s)}</td></tr>`,
  );
  const gapHeads = ['instrument', '>gaps', '>in all', '>longest from', '>for'];
  const notRead = unread.map(
    one =>
      `<tr class="bad"><th scope="row">${escapeHtml(one.device)}</th><td class="n">${figure(100 * one.part_frac, 'pct')}</td>` +
      `<td class="n">${timeText(one.from_s)}</td><td class="n">${durationText(one.long_s)}</td><td>${escapeHtml(one.roles.join(', '))}</td></tr>`,
  );
  const unreadHeads = ['instrument', '>of the run', '>longest from', '>for', 'roles'];
  const heldHeads = [
    'step',
    'phase',
    'role',
    '>held at',
    '>counts as held',
    '>rms',
    '>most beyond',
    '>readings',
  ];
  const leftHeads = ['>first at', 'loop', '>in round', '>of', 'by', '>times'];
  const cutHeads = ['>from', 'measurement', 'kind', '>usable points', '>asked', 'why'];
  const heads = ['>from', 'step', 'phase', 'role', '>asked', '>furthest from it', '>for', '>runs'];
  const sameHeads = [
    '>from',
    'role',
    'where',
    '>value',
    '>readings',
    '>charge meanwhile',
    '>current moved by',
    '>equal readings before',
  ];
  return (
    (notRead.length === 0
      ? ''
      : `<h2>Instruments without a usable reading</h2>${table(unreadHeads, notRead)}`) +
    (left.length === 0 ? '' : `<h2>Loops left before their end</h2>${table(leftHeads, left)}`) +
    (short.length === 0 ? '' : `<h2>Steps that did not get what they ask</h2>${table(heads, short)}`) +
    (inexact.length === 0
      ? ''
      : `<h2>Steps that did not last as long as was asked</h2>${table(inexactHeads, inexact)}`) +
    (cut.length === 0 ? '' : `<h2>Measurements that are not whole</h2>${table(cutHeads, cut)}`) +
    (held.length === 0 ? '' : `<h2>Potentials held by software</h2>${table(heldHeads, held)}`) +
    (lost.length === 0 ? '' : `<h2>Rows that a cut has taken</h2>${table(lostHeads, lost)}`) +
    (gaps.length === 0 ? '' : `<h2>Times without a row</h2>${table(gapHeads, gaps)}`) +
    (same.length === 0 ? '' : `<h2>Readings that may be none</h2>${table(sameHeads, same)}`)
  );
}
