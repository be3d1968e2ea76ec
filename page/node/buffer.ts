/** Buffer, by the package of that name, with what it lacks of Node's. */
import { Buffer } from 'buffer/'

export { Buffer }
export const INSPECT_MAX_BYTES = 50

const { toString } = Buffer.prototype
const { from } = Buffer
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
/** Kept from before an exploration replaces it. */
const decode = utf8.decode.bind(utf8)

/** Encodings of which the package's own texts differ from Node's, or which it does not know. */
const TEXTS: Readonly<Record<string, (bytes: Uint8Array<ArrayBuffer>) => string>> = {
  // The package has other characters for what is no UTF-8. A decoder takes no shared memory.
  utf8: (bytes) => decode((bytes.buffer as unknown) instanceof SharedArrayBuffer ? new Uint8Array(bytes) : bytes),
  base64url: (bytes) => {
    const text = toString.call(bytes as Buffer, 'base64')
    return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  },
}

Buffer.prototype.toString = function (encoding: BufferEncoding = 'utf8', start?: number, end?: number): string {
  const textOf = TEXTS[encoding === 'utf-8' ? 'utf8' : encoding]
  return textOf === undefined ? toString.call(this, encoding, start, end) : textOf(this.subarray(start, end))
}

// The package decodes both alphabets as base64.
Buffer.from = ((value: never, encoding: never, ...rest: never[]) =>
  encoding === 'base64url' ? from(value, 'base64') : from(value, encoding, ...rest)) as typeof from

// No decoder of the browser will do: that for Latin-1 is one for Windows-1252, and that for UTF-16 replaces what is not paired.
Object.assign(Buffer.prototype, {
  latin1Slice(this: Uint8Array, start = 0, end = this.length): string {
    return textOf(this.subarray(start, end))
  },
  ucs2Slice(this: Uint8Array, start = 0, end = this.length): string {
    const units = end - start - ((end - start) & 1)
    const at = this.byteOffset + start
    // Code units have to be aligned.
    if ((at & 1) === 0) return textOf(new Uint16Array(this.buffer, at, units / 2))
    return textOf(new Uint16Array(Uint8Array.from(this.subarray(start, start + units)).buffer))
  },
})

/** As many as a call may have arguments. */
const CHUNK = 4096

function textOf(units: Uint8Array | Uint16Array): string {
  if (units.length <= CHUNK) return String.fromCharCode.apply(null, units as unknown as number[])
  let text = ''
  for (let at = 0; at < units.length; at += CHUNK) text += textOf(units.subarray(at, at + CHUNK))
  return text
}

// The methods that an exploration replaces.
export default { Buffer, INSPECT_MAX_BYTES }
