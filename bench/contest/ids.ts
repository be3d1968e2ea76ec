/** Random ids, in shared memory: threads take a million of them without a copy. */
import { randomUUID } from 'node:crypto'

const LENGTH = 36

export function makeIds(count: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(count * LENGTH)
  const bytes = Buffer.from(memory)
  for (let index = 0; index < count; index++) bytes.write(randomUUID(), index * LENGTH, 'latin1')
  return memory
}

/** As flat strings of this thread's own, as they come out of a cookie. */
export function takeIds(memory: SharedArrayBuffer): string[] {
  const bytes = Buffer.from(memory)
  return Array.from({ length: bytes.length / LENGTH }, (_, index) =>
    bytes.toString('latin1', index * LENGTH, (index + 1) * LENGTH),
  )
}
