/** Copies what memory() of a scenario returned, for each function that gets it. */
import { copierOf } from '../explore/subject/copier.ts'

/**
 * Returns a function that returns the memory for one call of a function of the scenario: shared memory is the same in all of
 * them, and all else is a new copy.
 */
export function privateCopier(memory: unknown): () => unknown {
  const shared = ArrayBuffer.isView(memory) ? memory.buffer : memory
  return shared instanceof SharedArrayBuffer ? () => memory : copierOf(memory)
}
