/** The process's way to the command: a line of JSON at a time, written before the call returns. */
import { writeSync } from 'node:fs'
import type { Message } from './messages.ts'

/** Descriptor of the pipe that the command reads. */
const TO_COMMAND = 3

// As it is before anything is replaced.
const bytesOf = Buffer.from.bind(Buffer) as (text: string) => Buffer

export function post(message: Message): void {
  const bytes = bytesOf(`${JSON.stringify(message, plain)}\n`)
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(TO_COMMAND, bytes, done)
  } catch {
    // The command is gone, and so is the reason to go on.
    process.kill(process.pid, 'SIGKILL')
  }
}

/** JSON has no big integers, and what an actor returns may hold one. */
function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}
