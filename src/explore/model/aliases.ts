/**
 * Buffers that are the same memory: structuredClone of a shared buffer makes a new object over the same bytes. All of them
 * stand for the one that was there first, so that an access through any of them is to the same address.
 */
const originals = new WeakMap<SharedArrayBuffer, SharedArrayBuffer>()

/** Says that `copy` is the same memory as `buffer`. */
export function alias(copy: SharedArrayBuffer, buffer: SharedArrayBuffer): void {
  originals.set(copy, originalOf(buffer))
}

/** The buffer that stands for the memory of this one: itself, unless it was cloned from another. */
export function originalOf(buffer: SharedArrayBuffer): SharedArrayBuffer {
  return originals.get(buffer) ?? buffer
}
