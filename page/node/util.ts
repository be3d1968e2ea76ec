/** What racelab uses of node:util. */
import { isDeepStrictEqual } from './deep-equal.ts'
import { format, inspect } from './inspect.ts'
import { types } from './kinds.ts'

export { format, inspect, isDeepStrictEqual, types }
// An exploration replaces what stands here.
export default { types, inspect, format, isDeepStrictEqual }
