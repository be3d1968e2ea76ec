/** The steps of a schedule that decide it. */
import type { Recording, RecordedStep } from '../../src/explore/replay/recording.ts'
import { contestedWords } from '../../src/explore/report/call-entries.ts'
import { callText, stepText } from '../../src/explore/report/step-text.ts'
import type { LaneRow } from '../lanes/lanes.tsx'

/** A row, and the number of its step, from 1. */
export interface DecisiveRow extends LaneRow {
  readonly step: number
}

/**
 * Returns the steps on contested words, and those at which an actor sleeps, wakes or crashes. Steps that
 * change nothing, on a word that the actor has used before in the same turn, are left out.
 */
export function decisiveRows({ actors, steps }: Recording): DecisiveRow[] {
  const contested = contestedWords(steps)
  const isDecisive = (step: RecordedStep): boolean =>
    contested.has(step.location) || step.slept || step.action === 'crash' || step.action === 'timeout'
  let turn = -1
  const known = new Set<string>()
  return steps.flatMap((step, index) => {
    if (step.actor !== turn) known.clear()
    turn = step.actor
    if (!isDecisive(step)) return []
    const isRepeated = step.before === step.after && known.has(step.location)
    known.add(step.location)
    if (isRepeated) return []
    const text =
      step.covered === undefined ? stepText(step, actors) : `${stepText(step, actors)} · ${callText(step.covered)}`
    return [
      { step: index + 1, time: String(index + 1), steps: actors.map((_, lane) => (lane === step.actor ? text : '')) },
    ]
  })
}
