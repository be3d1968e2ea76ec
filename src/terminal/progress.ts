/** The progress line: on stderr, and only on a terminal. It is removed before anything is printed. */

/** A progress line. */
export interface Progress {
  /** Shows a text. */
  say(doing: string): void
  /** Removes the line. */
  end(): void
}

/** Returns a progress line; one that shows nothing if it is not wanted, or stderr is not a terminal. */
export async function progressLine(wanted: boolean): Promise<Progress> {
  // On a terminal that reports 0 columns, ora would draw lines without end.
  if (!wanted || !process.stderr.isTTY || !process.stderr.columns) return { say() {}, end() {} }
  const { default: ora } = await import('ora')
  // The command handles Ctrl-C itself. By default ora takes over the terminal's input to handle it.
  const line = ora({ stream: process.stderr, discardStdin: false })
  return {
    say: (doing) => void line.start(doing),
    end: () => void line.stop(),
  }
}
