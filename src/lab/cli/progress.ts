/** The progress line: on stderr, and only on a terminal. It is removed before anything is printed. */
import type { Exploration } from '../../explore/search/result.ts'

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

/** A progress line of an exploration. */
export interface ExploringLine {
  say(exploration: Exploration, deepest: number): void
  end(): void
}

/** Returns a line that shows an exploration's progress: schedules, schedules per second, and steps of the longest schedule. */
export async function exploringLine(wanted: boolean): Promise<ExploringLine> {
  const line = await progressLine(wanted)
  return { say: (exploration, deepest) => line.say(exploringText(exploration, deepest)), end: line.end }
}

function exploringText({ scenario, variant, schedules, elapsedMs, failures }: Exploration, deepest: number): string {
  const name = variant === null ? scenario : `${scenario} (${variant})`
  if (schedules === 0) return name
  const [count, rate] = [schedules, Math.round((1000 * schedules) / elapsedMs)].map((each) =>
    each.toLocaleString('en-US'),
  )
  const found = failures.length === 0 ? '' : `, ${failures.length} ${failures.length === 1 ? 'failure' : 'failures'}`
  return `${name}: ${count} schedules, ${rate} a second, deepest ${deepest} steps${found}`
}
