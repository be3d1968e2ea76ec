/** The lines of one row of an interleaving table: an access, or a call with what it did. */
import type { RecordedStep } from '../replay/recording.ts'
import type { CallTeller } from './call-entries.ts'
import type { Folded } from './folding.ts'
import type { Line } from './shorter.ts'
import { callText, stepText } from './step-text.ts'
import { counted } from '../../terminal/wrapped.ts'

/** `decisive`: the words to tell of, if not all are. */
export function rowLines(
  row: Folded,
  actors: readonly string[],
  decisive: ReadonlySet<string> | undefined,
  teller: CallTeller,
): Line[] {
  return row.steps.length === 1 ? [accessLine(row, actors, decisive, teller)] : callLines(row, teller)
}

function accessLine(
  { actor, call = '', steps, site, position }: Folded,
  actors: readonly string[],
  decisive: ReadonlySet<string> | undefined,
  teller: CallTeller,
): Line {
  const [step] = steps as [RecordedStep]
  teller.note(step)
  const line = { actor, step: position + 1, frame: site }
  if (call === '') return { ...line, text: stepText(step, actors) }
  const isRead = step.before === step.after && !step.slept && step.action !== 'timeout'
  if (isRead && decisive?.has(step.place) === false) return { ...line, text: callText(call), quiet: true }
  return { ...line, text: `${stepText(step, actors)} · ${callText(call)}` }
}

/** A call that did one thing is one line; of others each word has a line of its own, with the line of its access. */
function callLines(row: Folded, teller: CallTeller): Line[] {
  const { actor, call = '', site, position } = row
  const name = callText(call)
  const { entries, left, asBefore } = teller.tell(row)
  const same = asBefore === 0 ? '' : `${counted(asBefore, 'word')} as before`
  const [only] = entries
  if (only === undefined) {
    return [
      { actor, step: position + 1, text: same === '' ? name : `${name}: ${same}`, frame: site, quiet: same === '' },
    ]
  }
  if (entries.length === 1 && left === 0 && same === '') {
    return [{ actor, step: only.position + 1, text: `${name}: ${only.text}`, frame: only.step.frames[0] }]
  }
  // The number of a line is that of the step it tells of; the call's own is left to its first step, where that is told.
  const number = only.position === position ? {} : { step: position + 1 }
  return [
    { actor, ...number, text: name, frame: site },
    ...entries.map(({ text, step, position: at }): Line => {
      return { actor, step: at + 1, text, indent: 2, frame: step.frames[0] }
    }),
    ...(same === '' ? [] : [{ actor, text: same, indent: 2 }]),
    ...(left === 0 ? [] : [{ actor, text: `… and ${counted(left, 'more word')}`, indent: 2 }]),
  ]
}
