/** The globals of Node that racelab uses. An entry of the page imports this before anything else. */
import { Buffer } from './buffer.ts'

const nothing = (): void => {}

/** Kept from before an exploration replaces it. */
const now = performance.now.bind(performance)
/** As in Node, all threads have the same clock. */
const nanoseconds = (): bigint => BigInt(Math.round((performance.timeOrigin + now()) * 1000)) * 1000n

function hrtime(since: readonly [number, number] = [0, 0]): [number, number] {
  const passed = nanoseconds() - BigInt(since[0]) * 1_000_000_000n - BigInt(since[1])
  return [Number(passed / 1_000_000_000n), Number(passed % 1_000_000_000n)]
}

const process = {
  pid: 0,
  platform: 'browser',
  // No version of Node: what depends on one is not there.
  version: 'v0.0.0',
  versions: { node: '0.0.0' },
  env: {},
  execArgv: [],
  argv: [],
  stdout: {},
  stderr: {},
  cwd: (): string => '/',
  hrtime: Object.assign(hrtime, { bigint: nanoseconds }),
  emitWarning: nothing,
  getBuiltinModule: nothing,
}

Object.assign(globalThis, {
  Buffer,
  process,
  global: globalThis,
  setImmediate: (work: () => void): unknown => setTimeout(work, 0),
})
