/** multithreading: a semaphore whose callers acquire different amounts. */
import { Semaphore } from './multithreading.mjs'

export default {
  name: 'multithreading 0.3.52: a semaphore with mixed amounts',
  memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: {
    large: (words) => void new Semaphore(0, words.buffer).blockingAcquire(2),
    small(words) {
      new Semaphore(0, words.buffer).blockingAcquire(1)
      controllerOf(words).release(2)
    },
    releaser: (words) => controllerOf(words).release(1),
  },
  names: (words) => ({ permits: [words, 0], waiters: [words, 1] }),
}

/** Returns what a guard uses to give its permits back. */
function controllerOf(words) {
  const semaphore = new Semaphore(0, words.buffer)
  const [controller] = Object.getOwnPropertySymbols(Object.getPrototypeOf(semaphore))
  return semaphore[controller]
}
