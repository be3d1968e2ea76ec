/** A task that never comes to the end of a write. */
import { Write } from '../../src/store/notes.ts'
import { SessionStore } from '../../src/store/store.ts'

export interface AttendTask {
  readonly memory: SharedArrayBuffer
  /** Its word becomes 1 when the thread is inside the session "a". */
  readonly words: Int32Array
}

export default function writeForEver({ memory, words }: AttendTask): void {
  const store = new SessionStore(memory)
  const { slot, control } = store.stamp('a')
  store.writer.enter(slot, control, Write.COUNT)
  Atomics.store(words, 0, 1)
  for (;;);
}
