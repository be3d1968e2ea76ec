/** Which lines of a level's text an actor runs, and on which of them it stands. */
import type { Frame } from '../../src/explore/run/positions.ts'

/** One line of the text. */
export interface Line {
  readonly number: number
  readonly text: string
}

/** A function of the text. */
interface Chunk {
  readonly name: string
  readonly lines: readonly Line[]
}

/**
 * Returns the functions that an actor runs, in the order of the text. The text keeps a convention: blank lines part its functions, and
 * `actors` has `name: function`, or only the name.
 */
export function functionsOf(code: string, actor: string): readonly Chunk[] {
  const all = chunksOf(code).filter(({ lines }) => lines[0]!.text.includes('=>'))
  const called = new RegExp(`^ *actors: .*\\b${actor}: (\\w+)`, 'm').exec(code)?.[1] ?? actor
  const reached = new Set<Chunk>()
  const reach = (name: string): void => {
    const chunk = all.find((each) => each.name === name)
    if (chunk === undefined || reached.has(chunk)) return
    reached.add(chunk)
    for (const { text } of chunk.lines) for (const [word] of text.matchAll(/\w+/g)) reach(word)
  }
  reach(called)
  return all.filter((chunk) => reached.has(chunk))
}

function chunksOf(code: string): Chunk[] {
  const lines = code.split('\n').map((text, index): Line => ({ number: index + 1, text }))
  return lines.flatMap((line, index) => {
    const name = /^const (\w+)/.exec(line.text)?.[1]
    if (name === undefined) return []
    const end = lines.findIndex(({ text }, at) => at > index && text === '')
    return [{ name, lines: lines.slice(index, end) }]
  })
}

/** Returns the numbers of the lines that are not in `before`. */
export function changedLines(code: string, before: string | undefined): ReadonlySet<number> {
  if (before === undefined) return new Set()
  const old = new Set(before.split('\n'))
  return new Set(code.split('\n').flatMap((text, index) => (old.has(text) ? [] : [index + 1])))
}

/** Returns how an actor stands on a line: `at` it, or `in` a call that the line makes; undefined if neither. */
export function standingOn(line: number, frames: readonly Frame[]): 'at' | 'in' | undefined {
  if (frames[0]?.line === line) return 'at'
  return frames.some((frame) => frame.line === line) ? 'in' : undefined
}
