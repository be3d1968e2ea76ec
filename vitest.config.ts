import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A process for each test file: it starts threads of its own, and a thread that it leaves behind is noticed.
    pool: 'forks',
    // By default vitest leaves a core idle. Of two cores that is half of the time.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
  },
})
