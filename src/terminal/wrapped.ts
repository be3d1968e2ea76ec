/** Running text, in lines that a terminal shows whole. */
import wrapAnsi from 'wrap-ansi'

/** Where the width is not known: a file, a pipe, a test's message. */
const DEFAULT_COLUMNS = 100
/** A narrower terminal breaks lines itself. */
const LEAST_COLUMNS = 80

/** The width to print for, given that of the terminal, if there is one. */
export function widthOf(columns: number | undefined): number {
  // A terminal that does not know its width says 0.
  return columns === undefined || columns === 0 ? DEFAULT_COLUMNS : Math.max(LEAST_COLUMNS, columns)
}

/** Breaks at spaces; a word that is longer than the width, a token say, stays whole. */
export function wrapped(text: string, columns?: number): string {
  return wrapAnsi(text, widthOf(columns))
}

/** The same behind a margin; what is broken goes on two further in. */
export function indented(text: string, margin: number, columns?: number): string[] {
  const [first = '', ...rest] = wrapAnsi(text, widthOf(columns) - margin - 2).split('\n')
  return [`${' '.repeat(margin)}${first}`, ...rest.map((line) => `${' '.repeat(margin + 2)}${line}`)]
}

/** The text, or as much of it as goes into `width`. */
export function shortened(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}

/** `1 step`, `2 steps`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : `${noun}s`}`
}
