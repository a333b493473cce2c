import type { RunResult } from '../../control/view.ts';

/** A result of a run that completed and of which nothing else is known; `of` says what a test cares for. */
export function plainResult(of: Partial<RunResult> = {}): RunResult {
  return {
    schema: 'cellbench/result',
    version: 2,
    verdict: 'completed',
    reason: '',
    cause: { by: 'procedure', id: 'complete' },
    unproven: [],
    criteria: 'none',
    bench: 'mini',
    method: 'mini',
    mode: 'rehearsal',
    seed: 1,
    timeFactor: 1,
    software: { name: 'cellbench', version: '0.1.0', commit: null, node: 'v24' },
    inputs: [],
    startedUtc: '2026-01-02T18:00:00.000Z',
    endedUtc: '2026-01-02T19:00:00.000Z',
    simulated_s: 3600,
    rows: 0,
    counts: { devices: [], events: {}, setpoints: [] },
    phases: [],
    kpis: [],
    tables: [],
    curves: [],
    limits: [],
    alarms: [],
    ...of,
  };
}
