/** What vitest looks for when it is loaded. The worker imports this file before it imports vitest. */
const config = {
  root: '/',
  sequence: { hooks: 'stack', setupFiles: 'list', shuffle: false, concurrent: false, seed: 1 },
  expect: { poll: { interval: 50, timeout: 1000 }, requireAssertions: false },
  testTimeout: 300_000,
  hookTimeout: 60_000,
  maxConcurrency: 1,
  setupFiles: [],
  retry: 0,
  passWithNoTests: false,
  chaiConfig: {},
  fakeTimers: {},
  tags: [],
  snapshotOptions: {},
  experimental: { importDurations: { limit: 0 } },
} as const

export { config }
Object.defineProperty(globalThis, '__vitest_worker__', {
  value: {
    config,
    environment: { name: 'browser' },
    ctx: {},
    durations: {},
    providedContext: {},
    evaluatedModules: new Map(),
  },
  configurable: true,
})
