import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { type Candidate, estimate } from '../../../profiles/least-squares/estimate.ts';
import { leastSquares } from '../../../profiles/least-squares/levenberg-marquardt.ts';
import { student95 } from '../../../profiles/least-squares/student-t.ts';

/** Certified problems: NIST Statistical Reference Datasets, nonlinear regression (StRD). */
interface Certified {
  readonly name: string;
  readonly points: readonly (readonly [y: number, x: number])[];
  readonly model: (b: Float64Array, x: number) => number;
  /** low, start (the certified problem's second start), high, certified value, certified standard deviation. */
  readonly parameters: readonly (readonly [number, number, number, number, number])[];
  readonly sumSquares: number;
}

const MISRA1A: Certified = {
  name: 'Misra1a',
  points: [
    [10.07, 77.6],
    [14.73, 114.9],
    [17.94, 141.1],
    [23.93, 190.8],
    [29.61, 239.9],
    [35.18, 289.0],
    [40.02, 332.8],
    [44.82, 378.4],
    [50.76, 434.8],
    [55.05, 477.3],
    [61.01, 536.8],
    [66.4, 593.1],
    [75.47, 689.1],
    [81.78, 760.0],
  ],
  model: (b, x) => b[0] * (1 - Math.exp(-b[1] * x)),
  parameters: [
    [10, 500, 5000, 2.3894212918e2, 2.7070075241],
    [1e-6, 1e-4, 1e-2, 5.5015643181e-4, 7.2668688436e-6],
  ],
  sumSquares: 1.2455138894e-1,
};

const MGH09: Certified = {
  name: 'MGH09',
  points: [
    [0.1957, 4],
    [0.1947, 2],
    [0.1735, 1],
    [0.16, 0.5],
    [0.0844, 0.25],
    [0.0627, 0.167],
    [0.0456, 0.125],
    [0.0342, 0.1],
    [0.0323, 0.0833],
    [0.0235, 0.0714],
    [0.0246, 0.0625],
  ],
  model: (b, x) => (b[0] * (x * x + x * b[1])) / (x * x + x * b[2] + b[3]),
  parameters: [
    [0.001, 0.25, 10, 1.9280693458e-1, 1.1435312227e-2],
    [0.001, 0.39, 10, 1.9128232873e-1, 1.9633220911e-1],
    [0.001, 0.415, 10, 1.2305650693e-1, 8.0842031232e-2],
    [0.001, 0.39, 10, 1.3606233068e-1, 9.0025542308e-2],
  ],
  sumSquares: 3.0750560385e-4,
};

const THURBER: Certified = {
  name: 'Thurber',
  points: [
    [80.574, -3.067],
    [84.248, -2.981],
    [87.264, -2.921],
    [87.195, -2.912],
    [89.076, -2.84],
    [89.608, -2.797],
    [89.868, -2.702],
    [90.101, -2.699],
    [92.405, -2.633],
    [95.854, -2.481],
    [100.696, -2.363],
    [101.06, -2.322],
    [401.672, -1.501],
    [390.724, -1.46],
    [567.534, -1.274],
    [635.316, -1.212],
    [733.054, -1.1],
    [759.087, -1.046],
    [894.206, -0.915],
    [990.785, -0.714],
    [1090.109, -0.566],
    [1080.914, -0.545],
    [1122.643, -0.4],
    [1178.351, -0.309],
    [1260.531, -0.109],
    [1273.514, -0.103],
    [1288.339, 0.01],
    [1327.543, 0.119],
    [1353.863, 0.377],
    [1414.509, 0.79],
    [1425.208, 0.963],
    [1421.384, 1.006],
    [1442.962, 1.115],
    [1464.35, 1.572],
    [1468.705, 1.841],
    [1447.894, 2.047],
    [1457.628, 2.2],
  ],
  model: (b, x) => (b[0] + x * (b[1] + x * (b[2] + x * b[3]))) / (1 + x * (b[4] + x * (b[5] + x * b[6]))),
  parameters: [
    [100, 1300, 10_000, 1.28813968e3, 4.6647963344],
    [100, 1500, 10_000, 1.4910792535e3, 3.9571156086e1],
    [50, 500, 5000, 5.8323836877e2, 2.8698696102e1],
    [5, 75, 1000, 7.5416644291e1, 5.567537027],
    [0.1, 1, 10, 9.6629502864e-1, 3.1333340687e-2],
    [0.05, 0.4, 5, 3.9797285797e-1, 1.4984928198e-2],
    [0.005, 0.05, 1, 4.9727297349e-2, 6.5842344623e-3],
  ],
  sumSquares: 5.6427082397e3,
};

const residualsOf =
  ({ points, model }: Certified) =>
  (b: Float64Array, out: Float64Array): void => {
    points.forEach(([y, x], i) => {
      out[i] = model(b, x) - y;
    });
  };

describe.each([MISRA1A, MGH09, THURBER])('$name', problem => {
  const parameters = problem.parameters.map(([low, start, high], k) => ({
    name: `b${k + 1}`,
    low,
    start,
    high,
  }));

  it('reaches the certified values', () => {
    const found = leastSquares(parameters, residualsOf(problem), problem.points.length);
    expect(found.converged).toBe(true);
    expect(Math.abs(found.sumSquares / problem.sumSquares - 1)).toBeLessThan(1e-9);
    problem.parameters.forEach(([, , , certified], k) => {
      expect(Math.abs(found.values[k] / certified - 1), `b${k + 1}`).toBeLessThan(1e-6);
    });
  });

  it('states the certified standard deviations', () => {
    const candidates: Candidate[] = parameters.map(p => ({ ...p, u: 0 }));
    const names = candidates.map(c => c.name);
    const result = estimate(
      candidates,
      (values, out) =>
        residualsOf(problem)(
          Float64Array.from(names, n => values[n]),
          out,
        ),
      problem.points.length,
    );
    problem.parameters.forEach(([, , , , certified], k) => {
      expect(Math.abs(result.estimates[k].u / certified - 1), `b${k + 1}`).toBeLessThan(1e-4);
    });
  });
});

describe('Student t', () => {
  it.each([
    [1, 12.7062],
    [2, 4.30265],
    [3, 3.18245],
    [4, 2.77645],
    [5, 2.57058],
    [10, 2.22814],
    [30, 2.04227],
    [1e6, 1.95997],
  ])('%d degrees of freedom: %d', (n, tabulated) => {
    expect(Math.abs(student95(n) - tabulated)).toBeLessThan(2e-5);
  });
});

describe('what the data say', () => {
  const line = (names: readonly string[], x: readonly number[], y: readonly number[]) => {
    const candidates = names.map(name => ({ name, start: 0.5, low: -100, high: 100, u: 1 }));
    return estimate(
      candidates,
      (v, out) => {
        x.forEach((at, i) => {
          // a and twin do the same; idle does nothing.
          out[i] = (v['a'] ?? 0) + (v['twin'] ?? 0) + (v['b'] ?? 0) * at - y[i];
        });
      },
      x.length,
    );
  };
  const x = [1, 2, 3, 4, 5, 6];
  const y = [2.1, 3.9, 6.2, 7.8, 10.1, 11.9];

  it('is the closed form for a straight line', () => {
    const { estimates, degreesOfFreedom, correlation } = line(['a', 'b'], x, y);
    const mean = 3.5;
    const sxx = x.reduce((s, v) => s + (v - mean) ** 2, 0);
    const my = y.reduce((s, v) => s + v, 0) / 6;
    const b = x.reduce((s, v, i) => s + (v - mean) * (y[i] - my), 0) / sxx;
    const a = my - b * mean;
    const s2 = x.reduce((s, v, i) => s + (y[i] - a - b * v) ** 2, 0) / 4;
    expect(degreesOfFreedom).toBe(4);
    expect(estimates[0].value).toBeCloseTo(a, 8);
    expect(estimates[1].value).toBeCloseTo(b, 8);
    expect(estimates[0].u).toBeCloseTo(Math.sqrt(s2 * (1 / 6 + mean ** 2 / sxx)), 8);
    expect(estimates[1].u).toBeCloseTo(Math.sqrt(s2 / sxx), 8);
    expect(estimates[1].high95 - estimates[1].value).toBeCloseTo(2.77645 * Math.sqrt(s2 / sxx), 5);
    expect(correlation[1]).toBeCloseTo(-mean / Math.sqrt(mean ** 2 + sxx / 6), 8);
  });

  it('names what moves nothing and what does the same as another, and leaves them', () => {
    const { estimates, fitted } = line(['a', 'twin', 'b', 'idle'], x, y);
    expect(fitted).toEqual(['a', 'b']);
    expect(estimates.map(e => e.state)).toEqual(['fitted', 'undetermined', 'fitted', 'undetermined']);
    expect(estimates[1].value).toBe(0.5);
  });

  it('says when the best lies at a bound', () => {
    const { estimates, warnings } = estimate(
      [{ name: 'a', start: 0, low: -1, high: 1, u: 1 }],
      (v, out) => {
        for (let i = 0; i < 12; i++) out[i] = v['a'] - 3 + 0.1 * Math.sin(i);
      },
      12,
    );
    expect(estimates[0]).toMatchObject({ value: 1, state: 'atBound' });
    expect(warnings[0]).toMatch(/a ended at its bound 1/);
  });

  it('leaves a parameter that has only drifted to a bound', () => {
    const random = seededRandom(5);
    const noise = Float64Array.from({ length: 30 }, () => random.gauss());
    const { estimates, fitted } = estimate(
      ['a', 'weak'].map(name => ({ name, start: 0.5, low: -10, high: 10, u: 1 })),
      (v, out) => {
        // Even from bound to bound `weak` moves less than the noise does.
        for (let i = 0; i < 30; i++) out[i] = v['a'] + 0.002 * v['weak'] * Math.sin(i * i) - 2 - noise[i];
      },
      30,
    );
    expect(fitted).toEqual(['a']);
    expect(estimates[1]).toMatchObject({ value: 0.5, state: 'undetermined' });
  });

  it('warns of parameters that go together', () => {
    const { warnings } = estimate(
      ['a', 'b'].map(name => ({ name, start: 0.5, low: -100, high: 100, u: 1 })),
      (v, out) => {
        x.forEach((at, i) => {
          out[i] = v['a'] + v['b'] * (1 + 0.01 * at) - 2 - 0.02 * at - 0.001 * Math.sin(9 * at);
        });
      },
      x.length,
    );
    expect(warnings.join()).toMatch(/a and b go together \(correlation -/);
  });

  it('refuses too few points', () => {
    expect(() => line(['a', 'b'], [1, 2], [1, 2])).toThrow(/2 points for 2 parameters/);
  });

  it('stated intervals hold the truth in 95 of 100 cases', () => {
    let inside = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const noise = x.map(() => 0.3 * random.gauss());
      const { estimates } = line(
        ['a', 'b'],
        x,
        x.map((at, i) => 1 + 2 * at + noise[i]),
      );
      if (estimates[1].low95 <= 2 && estimates[1].high95 >= 2) inside++;
    }
    // Binomial: 200 x 0.95 = 190, standard deviation 3.
    expect(inside).toBeGreaterThanOrEqual(181);
    expect(inside).toBeLessThanOrEqual(199);
  });
});
