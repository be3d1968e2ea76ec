/** The channel from the explorer's process to the command: one line of JSON per message. */
import { writeSync } from 'node:fs'
import type { Message } from './messages.ts'

/** Descriptor of the pipe that the command reads. */
const TO_COMMAND = 3

// Taken before the globals are replaced.
const bytesOf = Buffer.from.bind(Buffer) as (text: string) => Buffer

/** Sends a message, and returns when it is written. Ends the process if the command has ended. */
export function post(message: Message): void {
  const bytes = bytesOf(`${JSON.stringify(message, plain)}\n`)
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(TO_COMMAND, bytes, done)
  } catch {
    // The command has ended, so nothing needs the result.
    process.kill(process.pid, 'SIGKILL')
  }
}

/** Turns a bigint into text. JSON has none, but the result of an actor may hold one. */
function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}
