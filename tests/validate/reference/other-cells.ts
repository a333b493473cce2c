/** Frozen figures of the other battery chemistries and of the equivalent circuit. */

/** A discharge: part of the named capacity drawn, V; to the lower voltage limit. */
export interface CellCurve {
  readonly name: string;
  readonly rate_1_per_h: number;
  readonly end_s: number;
  /** Part of the nominal capacity drawn, V. */
  readonly points: readonly (readonly [number, number])[];
}

/**
 * LFP, 2.3 Ah, set Prada2013 (Prada et al., J. Electrochem. Soc. 160 (2013) A616), PyBaMM's single-particle model
 * with electrolyte from full to 2.0 V; its porous-electrode model lies within 0.3 mV.
 */
export const LFP: readonly CellCurve[] = [
  {
    name: 'C/2',
    rate_1_per_h: 0.5,
    end_s: 6632.3,
    points: [
      [0.02, 3.2916],
      [0.1, 3.2703],
      [0.2, 3.2404],
      [0.3, 3.2296],
      [0.4, 3.2271],
      [0.5, 3.2171],
      [0.6, 3.1751],
      [0.7, 3.1304],
      [0.8, 2.9865],
    ],
  },
  {
    name: '1C',
    rate_1_per_h: 1,
    end_s: 3034,
    points: [
      [0.02, 3.2531],
      [0.1, 3.2346],
      [0.2, 3.2018],
      [0.3, 3.1995],
      [0.4, 3.1926],
      [0.5, 3.1591],
      [0.6, 3.1082],
      [0.7, 3.0164],
      [0.8, 2.661],
    ],
  },
  {
    name: '2C',
    rate_1_per_h: 2,
    end_s: 1250,
    points: [
      [0.02, 3.2066],
      [0.1, 3.168],
      [0.2, 3.1623],
      [0.3, 3.1532],
      [0.4, 3.1057],
      [0.5, 3.056],
      [0.6, 2.8588],
    ],
  },
];

/** Impedance of the LFP cell at state of charge 0.5 from PyBaMM's porous-electrode model: Hz, re, im in mOhm. */
export const LFP_IMPEDANCE_DFN = [
  [10, 20.225, -18.238],
  [1, 37.465, -3.541],
  [0.1, 37.924, -0.661],
  [0.01, 38.961, -1.072],
  [0.001, 40.221, -1.785],
] as const;

/**
 * Sodium-ion, hard carbon against NVPF, 3 mAh (Chayambuka et al., Electrochim. Acta 404 (2022) 139764), PyBaMM's
 * porous-electrode model to 2.0 V. PyBaMM looks the diffusivity of the positive particle up at the wrong
 * concentration scale; its result is what is compared with. Run on PyBaMM's default mesh (twenty even shells), as
 * our own results on that mesh and on finer ones show.
 */
export const NA_ION: readonly CellCurve[] = [
  {
    name: 'C/2',
    rate_1_per_h: 0.5,
    end_s: 5709.5,
    points: [
      [0, 3.8936],
      [0.1, 3.7803],
      [0.2, 3.8131],
      [0.3, 3.8173],
      [0.4, 3.7874],
      [0.5, 3.3025],
      [0.6, 3.1566],
      [0.7, 2.7917],
    ],
  },
  {
    name: '1C',
    rate_1_per_h: 1,
    end_s: 2540.4,
    points: [
      [0, 3.8213],
      [0.1, 3.7236],
      [0.2, 3.7348],
      [0.3, 3.7165],
      [0.4, 3.6339],
      [0.5, 3.1124],
      [0.6, 2.8267],
      [0.7, 2.1146],
    ],
  },
];

/**
 * Lithium-sulphur, zero-dimensional (Marinescu et al., Phys. Chem. Chem. Phys. 18 (2016) 584), 1.7 A discharge:
 * Ah, V. An independent solver of the same equations; no measurement.
 */
export const LITHIUM_SULPHUR = {
  current_A: 1.7,
  start_V: 2.43028,
  end_Ah: 3.387,
  points: [
    [0.1, 2.3709],
    [0.5, 2.3471],
    [1.0, 2.3281],
    [1.2, 2.28],
    [1.5, 2.2909],
    [2, 2.2907],
    [3, 2.2821],
  ],
} as const;

/** Measured discharges of a Kokam 7.5 Ah cell (Ecker et al., J. Electrochem. Soc. 162 (2015) A1836): Ah, V. */
export const ECKER: readonly {
  readonly name: string;
  readonly rate_1_per_h: number;
  /** What PyBaMM's porous-electrode model with the Ecker2015 set reaches against the same points, mV rms. */
  readonly pybammDfn_mV: number;
  readonly points: readonly (readonly [number, number])[];
}[] = [
  {
    name: '1C',
    rate_1_per_h: 1,
    pybammDfn_mV: 33,
    points: [
      [0.286, 4.0617],
      [0.821, 3.9815],
      [1.399, 3.9115],
      [1.995, 3.8458],
      [2.596, 3.7904],
      [3.192, 3.7364],
      [3.774, 3.7058],
      [4.356, 3.6883],
      [4.966, 3.6606],
      [5.548, 3.6008],
      [6.134, 3.5103],
      [6.731, 3.4301],
      [7.242, 3.3076],
      [7.547, 3.115],
      [7.697, 2.8991],
    ],
  },
  {
    name: '5C',
    rate_1_per_h: 5,
    pybammDfn_mV: 73,
    points: [
      [0.232, 3.8515],
      [1.082, 3.6985],
      [2.135, 3.6039],
      [3.561, 3.5192],
      [4.742, 3.4379],
      [5.756, 3.3254],
      [6.617, 3.1757],
      [7.152, 2.9422],
      [7.317, 2.7979],
    ],
  },
];

/**
 * Two RC pairs fitted to PyBaMM's porous-electrode model of the Chen2020 cell (1C for 60 s, 1800 s rest): state of
 * charge, open circuit V, R0, R1 mOhm, tau1 s, R2 mOhm, tau2 s, rms of the fit mV.
 */
export const CIRCUIT = [
  [0.1, 3.2959, 29.4, 7.9, 8.4, 16.0, 59, 1.1],
  [0.3, 3.5814, 24.1, 7.7, 18.5, 9.4, 108, 0.7],
  [0.5, 3.7509, 22.7, 9.0, 20.6, 14.2, 150, 0.7],
  [0.7, 3.9479, 22.9, 8.7, 17.8, 12.5, 124, 0.8],
  [0.9, 4.0967, 24.6, 4.0, 8.7, 8.3, 50, 0.5],
] as const;

/** PyBaMM's Thevenin example: 100 Ah, 100 A discharge from state of charge 0.5: s, V; cell at the end, degC. */
export const THEVENIN = {
  current_A: 100,
  points: [
    [0, 3.65606],
    [1, 3.65394],
    [10, 3.63749],
    [60, 3.59448],
    [300, 3.55889],
    [600, 3.53629],
    [1000, 3.48419],
    [1500, 3.36305],
  ],
  end_degC: 26.8175,
} as const;

/**
 * LFP, 3 Ah (Naumann et al., J. Energy Storage 17 (2018) 153 and J. Power Sources 451 (2020) 227666): loss of
 * capacity, %, evaluated from the published formulas.
 */
export const NAUMANN = {
  calendar: { days: 365.25, temperature_degC: 25, soc_frac: 0.5, loss_pct: 4.25 },
  cycles: { fullCycles: 500, rate_1_per_h: 1, depth_frac: 0.8, loss_pct: 4.0 },
} as const;
