/** How much of a shared memory is in use: the system commits a page when it is first written, and takes none back. */

export const PAGE_BYTES = 4096
const PAGE_WORDS = PAGE_BYTES / Int32Array.BYTES_PER_ELEMENT

/** The bytes of all pages that have anything in them. Of what was written and is zero again nothing is seen. */
export function bytesInUse(memory: SharedArrayBuffer): number {
  const words = new Int32Array(memory)
  let pages = 0
  for (let page = 0; page < words.length; page += PAGE_WORDS) {
    const end = Math.min(page + PAGE_WORDS, words.length)
    let at = page
    while (at < end && words[at] === 0) at++
    if (at < end) pages++
  }
  return pages * PAGE_BYTES
}
