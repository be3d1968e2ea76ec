/**
 * Short labels of source positions: the line, and as much of the file's path as distinguishes it from the other files.
 */
import type { Frame } from '../run/positions.ts'

/** Returns a function that returns the label of a frame. `frames` are all frames that need a label. */
export function sourceLabels(frames: Iterable<Frame>): (frame: Frame) => string {
  const paths = new Map<string, string[]>()
  for (const { file } of frames) paths.set(file, file.split('/'))
  const names = new Map<string, string>()
  for (const [file, parts] of paths) {
    const others = [...paths.values()].filter((other) => other !== parts)
    let length = 1
    while (length < parts.length && others.some((other) => end(other, length) === end(parts, length))) length++
    names.set(file, end(parts, length))
  }
  return ({ file, line }) => `${names.get(file) ?? file}:${line}`
}

function end(parts: readonly string[], length: number): string {
  return parts.slice(-length).join('/')
}
