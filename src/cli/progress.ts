/** The progress line: on a terminal only, on stderr, and gone before anything is printed. */

export interface Progress {
  say(doing: string): void
  end(): void
}

export async function progressLine(wanted: boolean): Promise<Progress> {
  // A terminal that claims to have no columns would have ora draw infinitely many lines.
  if (!wanted || !process.stderr.isTTY || !process.stderr.columns) return { say() {}, end() {} }
  const { default: ora } = await import('ora')
  // Ctrl-C is ours to handle; ora would take the terminal's input away for it.
  const line = ora({ stream: process.stderr, discardStdin: false })
  return {
    say: (doing) => void line.start(doing),
    end: () => void line.stop(),
  }
}
