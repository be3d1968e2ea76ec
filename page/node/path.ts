/** Paths, as a browser writes them. */
export const join = (...parts: readonly string[]): string => parts.join('/').replaceAll(/\/+/g, '/')
export const resolve = (...parts: readonly string[]): string => join('/', ...parts)
export const dirname = (path: string): string => path.replace(/\/[^/]*$/, '')
export const relative = (_: string, to: string): string => to
export default { join, resolve, dirname, relative }
