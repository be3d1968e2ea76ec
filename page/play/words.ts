/** What the page says about a game, as sentences. */
import { stepText } from '../../src/explore/report/step-text.ts'
import type { Recording } from '../../src/explore/replay/recording.ts'
import type { Stepped } from '../../src/explore/replay/stepping.ts'
import type { Exploration } from '../../src/explore/search/result.ts'
import type { Hint } from './hint.ts'

/** Returns what the last step of a recording did. */
export function lastStep({ steps, actors }: Recording): string {
  const step = steps.at(-1)
  return step === undefined ? 'No step is taken yet.' : `${actors[step.actor]}: ${stepText(step, actors)}.`
}

/** Returns how a schedule ended: what has failed, or that nothing has. Empty while it has not ended. */
export function ending({ end, recording }: Stepped): string {
  if (end === null) return ''
  const messages = recording.judgement.faults.map(({ message }) => message)
  return messages.length === 0 ? 'It held this time.' : `It failed: ${messages.join('; ')}.`
}

/** Returns a number of preemptions in words. */
export function preemptions(count: number): string {
  return `${count} ${count === 1 ? 'preemption' : 'preemptions'}`
}

/** Returns a result as one, two or three stars: three for the best, one less for each preemption more. */
export function stars(count: number, best: number): string {
  const full = Math.max(1, 3 - (count - best))
  return '★'.repeat(full) + '☆'.repeat(3 - full)
}

/** Returns a result and what the best one is. */
export function result(count: number, best: number): string {
  return count <= best ? `${preemptions(count)}: fewer are not possible` : `${preemptions(count)}; the best is ${best}`
}

/** Returns a hint as one or two sentences. */
export function hinted({ outlook, keeping }: Hint, actors: readonly string[]): string {
  if (outlook === 'holds') return 'From here it cannot fail any more.'
  if (outlook === 'fails') return 'From here it fails, whatever you do.'
  if (outlook === 'unknown') return 'There are too many ways to go on from here to try them all.'
  if (keeping === undefined) return 'It can still fail.'
  const names = keeping.map((actor) => actors[actor])
  if (names.length === actors.length) return 'It can still fail, whichever actor takes the next step.'
  return `It can still fail, if ${names.join(' or ')} takes the next step.`
}

/** Returns what an exploration of a fix has shown. */
export function proven({ verdict, complete, schedules, stopped }: Exploration): string {
  if (verdict === 'pass') return `It holds: all ${schedules} schedules were explored, and none fails.`
  if (complete || verdict === 'fail') return 'It does not hold: a schedule fails.'
  return `${schedules} schedules were explored, and none fails; but not all were explored: ${stopped ?? 'it was stopped'}.`
}
