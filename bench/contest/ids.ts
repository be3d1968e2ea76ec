/** Random ids in shared memory. Every thread gets the same memory, and makes its own strings of it. */
import { randomUUID } from 'node:crypto'

const LENGTH = 36

export function makeIds(count: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(count * LENGTH)
  const bytes = Buffer.from(memory)
  for (let index = 0; index < count; index++) bytes.write(randomUUID(), index * LENGTH, 'latin1')
  return memory
}

/** Makes a string of each id. V8 stores each in one piece, as it stores an id that was read from a cookie. */
export function takeIds(memory: SharedArrayBuffer): string[] {
  const bytes = Buffer.from(memory)
  return Array.from({ length: bytes.length / LENGTH }, (_, index) =>
    bytes.toString('latin1', index * LENGTH, (index + 1) * LENGTH),
  )
}
