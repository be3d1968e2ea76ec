/** Texts for what objects hold. They lose nothing: two contents with the same text are the same. */
import { NativeUint8Array } from '../../model/native.ts'

const identities = new WeakMap<object, number>()
const symbols = new Map<symbol, number>()
let identitiesGiven = 0

/** Returns a text that is the same for the same object only. */
export function identityOf(value: object | symbol): string {
  const known = typeof value === 'symbol' ? symbols.get(value) : identities.get(value)
  const number = known ?? ++identitiesGiven
  if (known !== undefined) return `@${number}`
  if (typeof value === 'symbol') symbols.set(value, number)
  else identities.set(value, number)
  return `@${number}`
}

/** Returns a text for a primitive. */
export function primitiveText(value: unknown): string {
  if (typeof value === 'symbol') return identityOf(value)
  if (typeof value === 'string') return JSON.stringify(value)
  return `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`
}

/** The most bytes that are compared. */
export const MOST_BYTES = 2 ** 16

/** Returns the bytes of a part of a buffer, one character for each. Of a very long part, only the identity of `owner` counts. */
export function bytesOf(owner: object, buffer: ArrayBufferLike, from = 0, length: number = buffer.byteLength): string {
  if (length > MOST_BYTES) return identityOf(owner)
  const bytes = new NativeUint8Array(buffer, from, length)
  let text = `${length} bytes `
  // By index: the iterators of views are replaced, and refuse a view of shared memory that is not a proxy.
  for (let index = 0; index < length; index++) text += String.fromCharCode(bytes[index]!)
  return text
}
