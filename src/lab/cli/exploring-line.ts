/** The progress line of an exploration. */
import type { Exploration } from '../../explore/search/result.ts'
import { counted } from '../../terminal/wrapped.ts'
import { progressLine } from '../../terminal/progress.ts'

/** A progress line of an exploration. */
export interface ExploringLine {
  say(exploration: Exploration, deepest: number): void
  end(): void
}

/**
 * Returns a line that shows an exploration's progress: clients, if the scenario gives operations, schedules, schedules per
 * second, steps of the longest schedule, and up to how many preemptions all schedules have been explored.
 */
export async function exploringLine(wanted: boolean): Promise<ExploringLine> {
  const line = await progressLine(wanted)
  return { say: (exploration, deepest) => line.say(exploringText(exploration, deepest)), end: line.end }
}

function exploringText(
  { scenario, variant, clients, schedules, completeUpTo, elapsedMs, failures }: Exploration,
  deepest: number,
): string {
  const name = variant === null ? scenario : `${scenario} (${variant})`
  if (schedules === 0) return name
  const [count, rate] = [schedules, Math.round((1000 * schedules) / elapsedMs)].map((each) =>
    each.toLocaleString('en-US'),
  )
  const found = failures.length === 0 ? '' : `, ${failures.length} ${failures.length === 1 ? 'failure' : 'failures'}`
  const upTo = completeUpTo === null ? '' : `, complete up to ${counted(completeUpTo.preemptions, 'preemption')}`
  const of = clients === undefined ? '' : `${clients.toLocaleString('en-US')} clients, `
  return `${name}: ${of}${count} schedules, ${rate} a second, deepest ${deepest} steps${upTo}${found}`
}
