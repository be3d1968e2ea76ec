/** Code as a part of an address: compressed, then base64url. */

/** More code than this is not read out of an address: a short text can stand for very much. */
const MOST_BYTES = 200_000

/** The code in an address cannot be read. */
export class AddressError extends Error {}

/** Returns the code as text that an address can hold. */
export async function packed(code: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(code), new CompressionStream('deflate-raw'))
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(letters).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

/** Returns the code that `packed` made the text of. Rejects with AddressError if it did not. */
export async function unpacked(text: string): Promise<string> {
  try {
    const letters = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
    const code = await through(bytes, new DecompressionStream('deflate-raw'))
    return new TextDecoder('utf-8', { fatal: true }).decode(code)
  } catch {
    throw new AddressError('The code in this address is damaged. Was all of it copied?')
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.length
    if (size > MOST_BYTES) throw new RangeError('too large')
    parts.push(value)
  }
  const all = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
