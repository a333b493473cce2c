import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Wire tests use sockets, ptys and timing: processes keep them apart; two cores, so two workers.
    pool: 'forks',
    maxWorkers: 2,
  },
});
