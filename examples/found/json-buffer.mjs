/** multithreading: an object in shared memory, which two threads use under a mutex, as the package says. */
import { Mutex, SharedJsonBuffer } from './multithreading.mjs'

// How the package sends an object to a thread, and makes it again there.
const [serialize] = Object.getOwnPropertySymbols(Mutex.prototype)
const [deserialize] = Object.getOwnPropertySymbols(Mutex)

export default {
  name: 'multithreading 0.3.52: an object under a mutex',
  // Room for the object, and for one number that is no longer used.
  memory: () => new Mutex(new SharedJsonBuffer({ version: 1, text: 'one' }, { size: 120 }))[serialize]()[0],
  actors: {
    reader(shared) {
      const mutex = Mutex[deserialize](shared)
      return [1, 2].map(() => {
        const guard = mutex.blockingLock()
        const read = `${guard.value.version} ${guard.value.text}`
        guard.dispose()
        return read
      })
    },
    writer(shared) {
      const guard = Mutex[deserialize](shared).blockingLock()
      guard.value.version = 2
      guard.value.text = 'two'
      guard.dispose()
    },
  },
  observe: (_, { reader }) => reader.join(', then '),
  outcomes: { '1 one, then 1 one': 'acceptable', '1 one, then 2 two': 'acceptable', '2 two, then 2 two': 'acceptable' },
}
