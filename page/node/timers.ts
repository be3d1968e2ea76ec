/** The timers of the browser under the names of Node. */
const timeout = globalThis.setTimeout.bind(globalThis)
const immediate = (work: () => void): unknown => timeout(work, 0)
export { timeout as setTimeout, immediate as setImmediate }
export default {}
