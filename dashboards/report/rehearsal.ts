import type { MonteCarlo, Rehearsal } from '../../control/view.ts';
import { escapeHtml, figureText, unitText } from '../format.ts';
import { drawBars, drawHistogram } from './bars.ts';
import { table } from './tables.ts';

/** The parts of a report that only a rehearsal has: what to look at, how steps ended, the Monte Carlo. */

/** What to look at before the night, right under the verdict. */
export function findingsList(rehearsal: Rehearsal): string {
  const items = rehearsal.findings.map(
    f => `<li class="${f.level}"><b>${f.level}</b> ${escapeHtml(f.text)}</li>`,
  );
  return (
    '<h2>What to look at before the night</h2>' +
    (items.length === 0 ? '<p>Nothing found.</p>' : `<ul class="findings">${items.join('')}</ul>`)
  );
}

/** How steps ended, phase by phase: only those that need a look. */
export function stepsSection(rehearsal: Rehearsal): string {
  const odd = rehearsal.steps.filter(
    s => s.runs === 0 || s.ended.some(e => !['time', 'condition', 'done'].includes(e.by)),
  );
  if (odd.length === 0) return '<h2>Steps</h2><p>Every step was reached and ended as it should.</p>';
  const rows = odd.map(s => {
    const how =
      s.runs === 0 ? 'never reached' : s.ended.map(e => `${e.count} x ${e.by}: ${e.text}`).join('; ');
    return `<tr><td>${escapeHtml(s.phase)}</td><th scope="row">${escapeHtml(s.step)}</th><td class="n">${s.runs}</td><td>${escapeHtml(how)}</td></tr>`;
  });
  return `<h2>Steps that need a look</h2>${table(['phase', 'step', '>runs', 'how it ended'], rows)}`;
}

/** Probability that each limit fires, and how the closest one is spread over the runs. */
export function monteCarloSection(m: MonteCarlo): string {
  const percent = (p: number): string => `${(100 * p).toFixed(p > 0 && p < 0.1 ? 1 : 0)} %`;
  const bars = drawBars({
    title: `How likely each limit fires: ${m.done} runs, 95 % Wilson interval`,
    bars: m.limits
      .filter(l => l.unit !== 'on' || l.fired > 0)
      .map(l => ({
        label: l.id,
        value: l.probability,
        interval: [l.low, l.high] as const,
        text: `${percent(l.probability)} (${l.fired})`,
        tone: l.fired > 0 ? ('bad' as const) : ('' as const),
      })),
  });
  const histogram =
    m.closest === null
      ? ''
      : drawHistogram({
          title: `What is left to ${m.closest.id} in each run`,
          xLabel: `left, ${unitText(m.closest.unit.replace('/min', '_per_min'))} (beyond the limit: below 0)`,
          values: m.closest.distances,
          limit: { at: 0, label: 'limit' },
        });
  const kpis = m.kpis.map(
    k =>
      `<tr><th scope="row">${escapeHtml(k.id)}</th>${[k.p5, k.p50, k.p95]
        .map(v => `<td class="n">${figureText(Number(v.toPrecision(4))).value}</td>`)
        .join('')}<td>${escapeHtml(unitText(k.unit))}</td><td class="n">${k.runs}</td></tr>`,
  );
  const moved = (m.closest?.moved_by ?? [])
    .slice(0, 10)
    .map(
      p =>
        `<tr><th scope="row">${escapeHtml(p.parameter)}</th><td class="n">${p.rank_correlation.toFixed(2)}</td></tr>`,
    );
  return (
    `<h2>Monte Carlo</h2><p>${m.done} of ${m.asked} runs, ${m.completed} completed; ${m.varied.length} figures of the plant drawn from their declared uncertainty.</p>` +
    `${bars}${histogram}<h2>Figures over the runs</h2>${table(['figure', '>5 %', '>median', '>95 %', 'unit', '>runs'], kpis)}` +
    (moved.length === 0
      ? ''
      : `<h2>What moves ${escapeHtml(m.closest?.id ?? '')}</h2><p class="sub">Spearman's rank correlation with what is left to the limit.</p>${table(['figure of the plant', '>correlation'], moved)}`)
  );
}
