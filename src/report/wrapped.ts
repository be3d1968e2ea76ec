/** Running text, in lines that a terminal shows whole. */
import wrapAnsi from 'wrap-ansi'

const WIDTH = 96

export function wrapped(text: string, width = WIDTH): string {
  return wrapAnsi(text, width)
}
