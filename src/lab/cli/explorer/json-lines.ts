/** A stream of lines, each of them JSON. */
import type { Readable } from 'node:stream'

/** Calls `hear` with what each line holds. A line that is cut off was written by a process that died: it is left out. */
export function readLines(stream: Readable, hear: (line: unknown) => void): Readable {
  let begun = ''
  return stream.setEncoding('utf8').on('data', (text: string) => {
    const whole = (begun + text).split('\n')
    begun = whole.pop() ?? ''
    for (const line of whole) {
      const parsed = parse(line)
      if (parsed !== undefined) hear(parsed)
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
