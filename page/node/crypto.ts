/** Random numbers of the browser under the names of Node. */
const { crypto } = globalThis
export const randomUUID = (): string => crypto.randomUUID()
// The methods that an exploration replaces.
export default { randomUUID, getRandomValues: crypto.getRandomValues.bind(crypto) }
