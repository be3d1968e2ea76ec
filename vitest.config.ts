import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Forked processes: each test file has threads of its own to hammer with, and a thread left behind would be seen.
    pool: 'forks',
    testTimeout: 30_000,
  },
})
