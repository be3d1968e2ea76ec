/** Random ids in shared memory, so that the threads can have a million of them without a copy. */
import { randomUUID } from 'node:crypto'

const LENGTH = 36

export function makeIds(count: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(count * LENGTH)
  const bytes = Buffer.from(memory)
  for (let index = 0; index < count; index++) bytes.write(randomUUID(), index * LENGTH, 'latin1')
  return memory
}

/** Returns the ids as strings of this thread. They are flat strings, like an id that was read from a cookie. */
export function takeIds(memory: SharedArrayBuffer): string[] {
  const bytes = Buffer.from(memory)
  return Array.from({ length: bytes.length / LENGTH }, (_, index) =>
    bytes.toString('latin1', index * LENGTH, (index + 1) * LENGTH),
  )
}
