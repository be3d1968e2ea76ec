/** Running text, in lines that a terminal shows whole. */
import wrapAnsi from 'wrap-ansi'

const WIDTH = 96

export function wrapped(text: string, width = WIDTH): string {
  return wrapAnsi(text, width)
}

/** The same behind a margin; what is broken goes on two further in. */
export function indented(text: string, margin: number): string[] {
  const [first = '', ...rest] = wrapped(text, WIDTH - margin - 2).split('\n')
  return [`${' '.repeat(margin)}${first}`, ...rest.map((line) => `${' '.repeat(margin + 2)}${line}`)]
}
