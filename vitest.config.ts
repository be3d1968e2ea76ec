import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A process for each test file: it starts threads of its own, and a thread that it leaves behind is noticed.
    pool: 'forks',
    // One more than there are cores: the tests of the command mostly wait for other processes.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 60_000,
  },
})
