/** The globals of Node that racelab uses. An entry of the page imports this before anything else. */
import { Buffer } from './buffer.ts'

const nothing = (): void => {}

const hrtime = Object.assign((): [number, number] => [Math.floor(performance.now() / 1000), 0], {
  bigint: (): bigint => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6)),
})

/** No version of Node: what depends on one is not there. */
const process = {
  pid: 0,
  platform: 'browser',
  version: 'v0.0.0',
  versions: { node: '0.0.0' },
  env: {},
  execArgv: [],
  argv: [],
  stdout: {},
  stderr: {},
  cwd: (): string => '/',
  hrtime,
  emitWarning: nothing,
  getBuiltinModule: nothing,
}

Object.assign(globalThis, {
  Buffer,
  process,
  global: globalThis,
  setImmediate: (work: () => void): number => setTimeout(work, 0) as unknown as number,
})
