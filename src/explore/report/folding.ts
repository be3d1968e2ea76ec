/**
 * Folds the steps of a recording: if all steps of a call follow each other, with no step of another actor between them,
 * they become one row. The outermost such call is taken. A call that was interrupted is shown by the calls and accesses
 * within it. The call of an operation of the scenario is folded in the same way.
 */
import type { Frame } from '../run/positions.ts'
import type { RecordedStep } from '../replay/recording.ts'

/** One row of the interleaving table: a call, or a single access. */
export interface Folded {
  readonly actor: number
  /** The function that was called; undefined for an access in the actor's own function. */
  readonly call: string | undefined
  readonly steps: readonly RecordedStep[]
  /** If the row is the call of an operation of the scenario: the call with what it returned. */
  readonly operation?: string
  /** The source position of the call; for a single access, that of the access. */
  readonly frame: Frame | undefined
  /** The position of its first step in the schedule, from 0. */
  readonly position: number
}

/** One call of a function, and the steps that it made. */
interface Call {
  readonly actor: number
  readonly name: string
  /** The source position of the call. */
  readonly frame: Frame | undefined
  readonly positions: number[]
}

/** Returns the rows of a schedule, with uninterrupted calls folded. */
export function fold(steps: readonly RecordedStep[]): Folded[] {
  const calls = callsOf(steps)
  const folded: Folded[] = []
  for (let position = 0; position < steps.length;) {
    const step = steps[position]!
    const whole = operationAt(steps, position)
    if (whole !== undefined) {
      folded.push(whole)
      position += whole.steps.length
      continue
    }
    const call = (calls[position] ?? []).find((each) => each.positions[0] === position && isUninterrupted(each))
    if (call === undefined || call.positions.length === 1) folded.push(single(step, position))
    else {
      const { actor, name, frame, positions } = call
      folded.push({ actor, call: name, steps: steps.slice(position, position + positions.length), frame, position })
    }
    position += call?.positions.length ?? 1
  }
  return folded
}

/** Returns the row of the operation that begins at a position; undefined if none does or if it was interrupted. */
function operationAt(steps: readonly RecordedStep[], position: number): Folded | undefined {
  const { actor, begins } = steps[position]!
  if (begins === undefined) return undefined
  const end = steps.findIndex(
    (step, index) => index >= position && (step.actor !== actor || step.returns !== undefined),
  )
  const { returns, actor: last } = steps[end] ?? {}
  if (last !== actor || returns === undefined) return undefined
  const operation = returns === '' ? begins : `${begins} = ${returns}`
  return { actor, call: undefined, steps: steps.slice(position, end + 1), operation, frame: undefined, position }
}

/** Returns a row for every step. */
export function unfolded(steps: readonly RecordedStep[]): Folded[] {
  return steps.map(single)
}

function single(step: RecordedStep, position: number): Folded {
  return { actor: step.actor, call: innermostCall(step), steps: [step], frame: step.frames[0], position }
}

/** Returns for each step the calls that contain it, the outermost first, without the actor's own function. */
function callsOf(steps: readonly RecordedStep[]): Call[][] {
  const open = new Map<number, { call: Call; path: string }[]>()
  return steps.map((step, position) => {
    // The same code in two operations is two calls.
    const before = step.begins === undefined ? (open.get(step.actor) ?? []) : []
    const now = step.frames
      .toReversed()
      .slice(1)
      .map(({ name }, depth) => ({ name, frame: step.frames.at(-1 - depth), path: callPath(step, depth) }))
    const same = now.findIndex(({ path }, depth) => before[depth]?.path !== path)
    const kept = before.slice(0, same < 0 ? now.length : same)
    const opened = now.slice(kept.length).map(({ name, frame, path }) => ({
      call: { actor: step.actor, name, frame, positions: [] as number[] },
      path,
    }))
    const calls = [...kept, ...opened]
    for (const { call } of calls) call.positions.push(position)
    open.set(step.actor, calls)
    return calls.map(({ call }) => call)
  })
}

/**
 * Returns a text that identifies a call by the source positions of all its callers. Two calls of one function from the
 * same source position count as one call.
 */
function callPath({ frames }: RecordedStep, depth: number): string {
  const callers = frames.toReversed().slice(0, depth + 1)
  return (
    callers.map(({ name, line, column }) => `${name}:${line}:${column}`).join(' ') + (frames.at(-2 - depth)?.name ?? '')
  )
}

function isUninterrupted({ positions, name }: Call): boolean {
  return name !== '' && positions.length === positions.at(-1)! - positions[0]! + 1
}

function innermostCall({ covered, frames }: RecordedStep): string | undefined {
  if (covered !== undefined) return covered
  return frames.length > 1 ? frames[0]?.name : undefined
}
