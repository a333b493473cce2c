import { defineConfig } from 'vitest/config';

/** Real time over real lines with a second process beside: these come after the rest. They mostly wait, so that they fit beside each other. */
const ON_WIRES = [
  'chaos/kills',
  'stories/channels',
  'stories/edit',
  'stories/guard',
  'stories/lost-wires',
  'stories/on-cycler',
  'stories/wire-and-rehearsal',
].map(name => `tests/${name}.test.ts`);
/** Lines with an emulator behind each: they wait for replies, so that more of them fit beside each other. */
const ON_LINES = ['tests/drivers/**/*.test.ts'];
/** Nothing but reckoning, no lines, processes or files left open: these share what has been loaded. */
const RECKONING = [
  'tests/profiles/**',
  'tests/sim/plant/**',
  'tests/sim/fit/**',
  'tests/sim/own-cell/**',
  'tests/control/**',
].map(folder => `${folder}/*.test.ts`);

const shared = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // A wait is for what shall come, not for how soon: a busy machine gets its time.
  expect: { poll: { timeout: 20_000 } },
  // Processes keep sockets, ptys and timing apart.
  pool: 'forks' as const,
  // As in the program: drivers/contract/code/surest-compiler.ts.
  execArgv: ['--no-maglev'],
  setupFiles: ['tests/support/property-seed.ts'],
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'reckoning',
          include: RECKONING,
          isolate: false,
          maxWorkers: 4,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'rooms',
          include: ['tests/**/*.test.ts'],
          exclude: [...ON_WIRES, ...ON_LINES, ...RECKONING],
          maxWorkers: 4,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'lines',
          include: ON_LINES,
          maxWorkers: 6,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'wires',
          include: ON_WIRES,
          maxWorkers: 5,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
