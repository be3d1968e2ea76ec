/** What racelab uses of node:util. */
import { isDeepStrictEqual } from './deep-equal.ts'
import { format, inspect, stripVTControlCharacters } from './inspect.ts'
import { types } from './kinds.ts'

export { format, inspect, isDeepStrictEqual, stripVTControlCharacters, types }
// An exploration replaces what stands here.
export default { types, inspect, format, isDeepStrictEqual }
