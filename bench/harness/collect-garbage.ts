/** Garbage collection on demand, whether Node was started with --expose-gc or not. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Collects this thread's garbage before it returns. V8 frees a shared memory when the last thread that referred to it has
 * collected its garbage, and by itself V8 may wait long before it collects.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}
