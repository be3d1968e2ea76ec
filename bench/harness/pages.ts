/** Memory in use: the operating system commits a page of shared memory at the first write to it, and keeps it committed. */

export const PAGE_BYTES = 4096
const PAGE_WORDS = PAGE_BYTES / Int32Array.BYTES_PER_ELEMENT

/** Returns the bytes of all pages that hold a word other than 0. A page that was written and is all 0 again does not count. */
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
