/**
 * Buffers that are the same memory. structuredClone of a shared buffer makes a new object over the same bytes. The
 * first object stands for all of them, so that an access through any of them has the same address.
 */
const originals = new WeakMap<SharedArrayBuffer, SharedArrayBuffer>()

/** Records that `copy` is the same memory as `buffer`. */
export function alias(copy: SharedArrayBuffer, buffer: SharedArrayBuffer): void {
  originals.set(copy, originalOf(buffer))
}

/** Returns the buffer that stands for the memory of this one: the original of a clone, or else the buffer itself. */
export function originalOf(buffer: SharedArrayBuffer): SharedArrayBuffer {
  return originals.get(buffer) ?? buffer
}
