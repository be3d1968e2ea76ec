/** Modules of Node of which a browser has nothing. */
class Absent {}

export const Socket = Absent
export const Writable = Absent
export const Script = Absent
export const constants: Readonly<Record<string, number>> = {}
export const scheduler = {}
export const existsSync = (): boolean => false
export const syncBuiltinESMExports = (): void => {}
export const findSourceMap = (): undefined => undefined
export const setFlagsFromString = (): void => {}

/** No session can be made: the caller goes on without. */
export const Session = undefined
/** No address of a debugger. */
export const url = (): undefined => undefined
export const createContext = (): never => absent()
export const runInContext = (): never => absent()
export const createRequire = (): (() => never) => absent
export const readFileSync = (): never => absent()
export const mkdtempSync = (): never => absent()
export const rmSync = (): never => absent()
export const tmpdir = (): never => absent()

function absent(): never {
  throw new Error('A browser has no files, no processes and no realms of Node.')
}

export default {
  Socket,
  Writable,
  Script,
  constants,
  scheduler,
  promises: {},
  existsSync,
  url,
  createContext,
  runInContext,
}
