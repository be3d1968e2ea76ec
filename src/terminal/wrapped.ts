/** Breaks running text into lines that fit the terminal. */
import wrapAnsi from 'wrap-ansi'

/** The width if it is not known, as for a file, a pipe or a test's message. */
const DEFAULT_COLUMNS = 100
/** The least width to format for; a narrower terminal breaks the lines itself. */
const LEAST_COLUMNS = 80

/** Returns the width to format for, in characters. `columns`: the width of the terminal; undefined if there is none. */
export function widthOf(columns: number | undefined): number {
  // A terminal that does not know its width reports 0.
  return columns === undefined || columns === 0 ? DEFAULT_COLUMNS : Math.max(LEAST_COLUMNS, columns)
}

/** Returns the text broken into lines at spaces. A word that is longer than the width, such as a token, is not broken. */
export function wrapped(text: string, columns?: number): string {
  return wrapAnsi(text, widthOf(columns))
}

/** Returns the lines of a text behind a margin of `margin` spaces. The second and later lines are indented by two more. */
export function indented(text: string, margin: number, columns?: number): string[] {
  const [first = '', ...rest] = wrapAnsi(text, widthOf(columns) - margin - 2).split('\n')
  return [`${' '.repeat(margin)}${first}`, ...rest.map((line) => `${' '.repeat(margin + 2)}${line}`)]
}

/**
 * Returns the text for one cell of a table: cut to `width` characters with an ellipsis if it is longer, and with its control
 * characters as JSON has them.
 */
export function shortened(text: string, width: number): string {
  const shown = visible(text)
  return shown.length <= width ? shown : `${shown.slice(0, width - 1)}…`
}

/** Returns the text with its control characters as JSON has them, so that they neither end a line nor move the cursor. */
export function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are meant
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (character) =>
    character < ' ' ? JSON.stringify(character).slice(1, -1) : `\\u00${character.charCodeAt(0).toString(16)}`,
  )
}

/** Returns a number with its noun: `1 step`, `2 steps`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : `${noun}s`}`
}
