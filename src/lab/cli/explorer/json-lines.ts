/** Reads a stream of lines, each of them JSON. */
import type { Readable } from 'node:stream'

/**
 * Calls `onLine` with the value of each line, and returns the stream. A line that is cut off, by a process that ended, is
 * skipped.
 */
export function readLines(stream: Readable, onLine: (line: unknown) => void): Readable {
  let rest = ''
  return stream.setEncoding('utf8').on('data', (text: string) => {
    const whole = (rest + text).split('\n')
    rest = whole.pop() ?? ''
    for (const line of whole) {
      const parsed = parse(line)
      if (parsed !== undefined) onLine(parsed)
    }
  })
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}
