/** Collects this thread's garbage at once, whatever Node was started with. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Shared memory is given back when the last thread that knew it has collected: by itself, V8 is in no hurry. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}
