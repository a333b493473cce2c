import { describe, expect, it } from 'vitest';
import { degradationKpis } from '../../profiles/degradation.ts';
import { longRun } from '../validate/figures/long-run.ts';
import { figureOf, figureValue, NOTHING } from './figures.ts';

const of = (made: Parameters<typeof longRun>[0]) => degradationKpis(longRun(made), NOTHING);

describe('degradation rate', () => {
  it('is the slope over steady load, after run-in, whatever the first hours did', () => {
    const kpis = of({ hours: 1000, irreversible: 10, runIn_mV: 8, noise_mV: 0.2, correlation_h: 3 });
    const rate = figureOf(kpis, 'degradation-rate');
    expect(Math.abs((rate.value ?? 0) - 10)).toBeLessThan(rate.u95 ?? 0);
    expect(rate.u95).toBeLessThan(1);
    expect(rate.definition).toMatch(/99\.8 h of run-in/);
    expect(rate.definition).not.toContain('Less than 500 h');
    expect(rate.definition).toContain('all phases of plain steps');
  });

  it('takes one current of a load that cycles', () => {
    const rate = figureOf(
      of({ hours: 600, irreversible: 5, noise_mV: 0.1, isCycling: true }),
      'degradation-rate',
    );
    expect(rate.definition).toContain('at 2000 A');
    expect(Math.abs((rate.value ?? 0) - 5)).toBeLessThan(rate.u95 ?? 0);
  });

  it('leaves an outlier out and names it', () => {
    const made = { hours: 800, irreversible: 10, noise_mV: 0.1, outlier_mV: 30 };
    const rate = figureOf(of(made), 'degradation-rate');
    expect(Math.abs((rate.value ?? 0) - 10)).toBeLessThan(rate.u95 ?? 0);
    expect(rate.definition).toMatch(/[23] holds as outliers \(the first at 26\d\.\d h\)/);
  });

  it('tells what stops give back from what stays', () => {
    const kpis = of({ hours: 1000, irreversible: 8, reversible: 20, stopEvery_h: 100, noise_mV: 0.05 });
    expect(figureValue(kpis, 'degradation-between-stops')).toBeCloseTo(28, 0);
    // What grows and comes back every 100 h leaves no slope over the whole, but for where the ends lie in the saw.
    const rate = figureOf(kpis, 'degradation-rate');
    expect(Math.abs((rate.value ?? 0) - 8)).toBeLessThan(Math.max(rate.u95 ?? 0, 0.8));
    expect(figureValue(kpis, 'degradation-reversible')).toBeCloseTo(20, -1);
  });

  it('has no reversible part without a stop, and no rate from a night', () => {
    const long = of({ hours: 300, irreversible: 10, noise_mV: 0.1 });
    expect(figureOf(long, 'degradation-reversible').definition).toContain('no stop of a minute or more');
    expect(figureOf(long, 'degradation-rate').definition).toContain('Less than 500 h');
    const night = figureOf(of({ hours: 12, irreversible: 10 }), 'degradation-rate');
    expect(night.value).toBeNull();
    expect(night.definition).toContain('expected at least 10 after run-in and 24 h');
  });
});
