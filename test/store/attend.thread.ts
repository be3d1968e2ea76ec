/** A thread that never comes to the end of a write, and one that waits for it. */
import { parentPort, workerData } from 'node:worker_threads'
import { SessionManager } from '../../src/store/manager.ts'
import { Write } from '../../src/store/notes.ts'
import { SessionStore } from '../../src/store/store.ts'

export interface AttendThreadData {
  readonly memory: SharedArrayBuffer
  readonly act: 'write forever' | 'read'
}

const { memory, act } = workerData as AttendThreadData

if (act === 'read') {
  parentPort!.postMessage('reads')
  parentPort!.postMessage(new SessionManager(memory, { patience: Infinity }).getSession('a')?.accessCount)
} else {
  const store = new SessionStore(memory)
  const { slot, control } = store.stamp('a')
  store.writer.enter(slot, control, Write.COUNT)
  parentPort!.postMessage('is inside')
  for (;;);
}
