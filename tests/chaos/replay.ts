import { judge } from './checks.ts';
import { type Evidence, playEnding } from './ending.ts';
import { DEVICES, makeScenario } from './scenario.ts';

/** Plays one seed again and prints all that happened, in order of time. */
export async function replay(seed: number): Promise<Evidence> {
  const scenario = makeScenario(seed);
  const evidence = await playEnding(scenario, { withStacks: true });
  const { method, ...rest } = scenario;
  console.log(JSON.stringify(rest));
  for (const step of method) console.log(step);
  const lines: [number, string][] = [];
  for (const { disturbance, from_s, to_s } of evidence.happened) {
    lines.push([from_s, `>>> ${JSON.stringify(disturbance)}`]);
    if (disturbance.for_s !== 0) lines.push([to_s, `<<< ${disturbance.what} over`]);
  }
  for (const { t_s, state } of evidence.states) lines.push([t_s, `    run ${state}`]);
  lines.push([evidence.shut_s, '    THE GATE IS SHUT']);
  for (const id of DEVICES) {
    const of = evidence.world.instruments[id];
    for (const r of of.log) {
      lines.push([
        r.at_s,
        `    ${id} ${r.key} = ${r.value} ${r.effect} (sent ${r.sent_s.toFixed(3)}; ${r.current_A.toFixed(1)} A, ${r.pressure_barg.toFixed(2)} barg)`,
      ]);
    }
    for (const t_s of of.answeredAgain) lines.push([t_s, `    ${id} answers again`]);
  }
  for (const e of evidence.disk.events) lines.push([e.t_s, `  | ${e.kind}: ${e.text}`]);
  lines.push([evidence.end_s, `    THE RUN IS OVER ${JSON.stringify(evidence.ended ?? evidence.refused)}`]);
  lines.sort((a, b) => a[0] - b[0]);
  for (const [t_s, text] of lines) console.log(`${t_s.toFixed(3).padStart(9)} ${text}`);
  for (const { kind, what, text } of judge(evidence)) console.log(`VIOLATION ${kind} (${what}): ${text}`);
  return evidence;
}
