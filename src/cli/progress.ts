/** The progress line: on a terminal only, on stderr, and gone before anything is printed. */
import ora from 'ora'

export interface Progress {
  say(doing: string): void
  end(): void
}

export function progressLine(wanted: boolean): Progress {
  if (!wanted || !process.stderr.isTTY) return { say() {}, end() {} }
  // Ctrl-C is ours to handle; ora would take the terminal's input away for it.
  const line = ora({ stream: process.stderr, discardStdin: false })
  return {
    say: (doing) => void line.start(doing),
    end: () => void line.stop(),
  }
}
