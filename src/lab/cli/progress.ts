/** The progress line: on a terminal only, on stderr, and gone before anything is printed. */
import type { Exploration } from '../../explore/search/result.ts'

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

export interface ExploringLine {
  say(exploration: Exploration, deepest: number): void
  end(): void
}

/** The progress of an exploration: how many schedules, how fast, and how deep. */
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
