/** Buffer, by the package of that name, with the methods of Node's that racelab calls directly. */
import { Buffer } from 'buffer/'

export { Buffer }
export const INSPECT_MAX_BYTES = 50

// No decoder for Latin-1: under that name browsers have Windows-1252, which differs from 128 to 159.
const wide = new TextDecoder('utf-16le')

const { toString } = Buffer.prototype
const { from } = Buffer

// The package does not know this encoding.
Buffer.from = ((value: never, encoding: never, ...rest: never[]) =>
  encoding === 'base64url' ? from(value, 'base64') : from(value, encoding, ...rest)) as typeof from
Buffer.prototype.toString = function (encoding, ...rest): string {
  if (encoding !== ('base64url' as BufferEncoding)) return toString.call(this, encoding, ...rest)
  return toString.call(this, 'base64').replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

Object.assign(Buffer.prototype, {
  latin1Slice(this: Uint8Array, start: number, end: number): string {
    return latinOf(this, start, end)
  },
  ucs2Slice(this: Uint8Array, start: number, end: number): string {
    return wide.decode(this.slice(start, end))
  },
})

function latinOf(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at += CHUNK) text += ofBytes(bytes, at, Math.min(end, at + CHUNK))
  return text
}

/** As many as a call may have arguments. */
const CHUNK = 4096

function ofBytes(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end))
}
export default { Buffer, INSPECT_MAX_BYTES }
