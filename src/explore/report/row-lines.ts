/** The lines of one row of an interleaving table: a single access, or a call with what it did. */
import type { RecordedStep } from '../replay/recording.ts'
import type { CallSummaries } from './call-entries.ts'
import type { Folded } from './folding.ts'
import type { Line } from './shorter.ts'
import { callText, isEvent, stepText } from './step-text.ts'
import { counted } from '../../terminal/wrapped.ts'

/** Returns the lines of a row. `decisive`: the words whose reads are shown; undefined if all are. */
export function rowLines(
  row: Folded,
  actors: readonly string[],
  decisive: ReadonlySet<string> | undefined,
  summaries: CallSummaries,
): Line[] {
  if (row.operation !== undefined) return callLines(row, row.operation, actors, summaries)
  const [first] = row.steps as [RecordedStep]
  if (isEvent(first)) return []
  return row.steps.length === 1
    ? [accessLine(row, actors, decisive, summaries)]
    : callLines(row, callText(row.call ?? ''), actors, summaries)
}

/**
 * Returns the lines of a row within the call of an operation that other actors interrupted: below the begin of the call
 * and above what it returned, if it begins or returns with this row.
 */
export function withinOperation({ actor, steps, position }: Folded, lines: readonly Line[]): Line[] {
  const [{ begins }, { returns }] = [steps[0]!, steps.at(-1)!]
  const step = isEvent(steps.at(-1)!) ? { step: position + steps.length } : {}
  return [
    ...(begins === undefined ? [] : [{ actor, text: begins }]),
    ...lines.map((line) => ({ ...line, indent: (line.indent ?? 0) + 2 })),
    ...(returns === undefined ? [] : [{ actor, text: `returns ${returns}`.trimEnd(), indent: 2, ...step }]),
  ]
}

function accessLine(
  { actor, call = '', steps, frame, position }: Folded,
  actors: readonly string[],
  decisive: ReadonlySet<string> | undefined,
  summaries: CallSummaries,
): Line {
  const [step] = steps as [RecordedStep]
  summaries.note(step)
  const line = { actor, step: position + 1, frame }
  if (call === '') return { ...line, text: stepText(step, actors) }
  const isRead = step.before === step.after && !step.slept && step.action !== 'timeout'
  if (isRead && decisive?.has(step.location) === false) return { ...line, text: callText(call), quiet: true }
  return { ...line, text: `${stepText(step, actors)} · ${callText(call)}` }
}

/** Returns the line of a call that a contract makes one step, and that waits to the end. */
function waitingLine({ actor, steps, frame, position }: Folded, name: string, why: string): Line {
  return { actor, step: position + steps.length, text: `${name}: waits${why}`, frame }
}

/**
 * Returns one line for a call with one entry; else a line for the call, and a line for each entry with its source
 * position.
 */
function callLines(row: Folded, name: string, actors: readonly string[], summaries: CallSummaries): Line[] {
  const { actor, frame, position, operation } = row
  const { entries, left, asBefore } = summaries.summarise(row)
  const same = asBefore === 0 ? '' : `${counted(asBefore, 'word')} as before`
  const { covered, holder, slept } = row.steps.at(-1)!
  if (covered !== undefined && slept)
    return [waitingLine(row, name, holder === undefined ? '' : `, ${actors[holder]} holds it`)]
  const [only] = entries
  if (only === undefined) {
    return [
      {
        actor,
        step: position + 1,
        text: same === '' ? name : `${name}: ${same}`,
        frame,
        quiet: same === '' && operation === undefined,
      },
    ]
  }
  if (entries.length === 1 && left === 0 && same === '') {
    return [{ actor, step: only.position + 1, text: `${name}: ${only.text}`, frame: only.step.frames[0] }]
  }
  // A line has the number of the step that it describes. If the first entry has the call's number, the call's line has
  // none.
  const number = only.position === position ? {} : { step: position + 1 }
  return [
    { actor, ...number, text: name, frame },
    ...entries.map(({ text, step, position: at }): Line => {
      return { actor, step: at + 1, text, indent: 2, frame: step.frames[0] }
    }),
    ...(same === '' ? [] : [{ actor, text: same, indent: 2 }]),
    ...(left === 0 ? [] : [{ actor, text: `… and ${counted(left, 'more word')}`, indent: 2 }]),
  ]
}
