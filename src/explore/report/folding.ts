/**
 * Folds the steps of a recording: a call whose steps all come in a row, with nobody in between, reads as that call. The
 * outermost such call wins, so a call that was interrupted is told by what it called, down to single accesses.
 */
import type { Frame } from '../run/positions.ts'
import type { RecordedStep } from '../replay/recording.ts'

export interface Folded {
  readonly actor: number
  /** The function that was called; undefined for an access of the actor's own. */
  readonly call: string | undefined
  readonly steps: readonly RecordedStep[]
  /** Where it was called; where the access is, for an access. */
  readonly site: Frame | undefined
  /** Position of the first step in the schedule. */
  readonly position: number
}

/** One call of a function, and the steps that it made. */
interface Call {
  readonly actor: number
  readonly name: string
  /** Where it was called. */
  readonly site: Frame | undefined
  readonly positions: number[]
}

export function fold(steps: readonly RecordedStep[]): Folded[] {
  const calls = callsOf(steps)
  const folded: Folded[] = []
  for (let position = 0; position < steps.length;) {
    const step = steps[position] as RecordedStep
    const call = (calls[position] ?? []).find((each) => each.positions[0] === position && isUninterrupted(each))
    if (call === undefined || call.positions.length === 1) folded.push(single(step, position))
    else {
      const { actor, name, site, positions } = call
      folded.push({ actor, call: name, steps: steps.slice(position, position + positions.length), site, position })
    }
    position += call?.positions.length ?? 1
  }
  return folded
}

/** Every step by itself. */
export function unfolded(steps: readonly RecordedStep[]): Folded[] {
  return steps.map(single)
}

function single(step: RecordedStep, position: number): Folded {
  return { actor: step.actor, call: innermostCall(step), steps: [step], site: step.frames[0], position }
}

/** For each step the calls that it was made in, the outermost first, without the actor's own function. */
function callsOf(steps: readonly RecordedStep[]): Call[][] {
  const open = new Map<number, { call: Call; place: string }[]>()
  return steps.map((step, position) => {
    const before = open.get(step.actor) ?? []
    const now = step.frames
      .toReversed()
      .slice(1)
      .map((frame, depth) => ({ name: frame.name, site: step.frames.at(-1 - depth), place: placeOfCall(step, depth) }))
    const same = now.findIndex(({ place }, depth) => before[depth]?.place !== place)
    const kept = before.slice(0, same < 0 ? now.length : same)
    const opened = now.slice(kept.length).map(({ name, site, place }) => ({
      call: { actor: step.actor, name, site, positions: [] as number[] },
      place,
    }))
    const calls = [...kept, ...opened]
    for (const { call } of calls) call.positions.push(position)
    open.set(step.actor, calls)
    return calls.map(({ call }) => call)
  })
}

/** Two steps belong to one call if they have the same line of every caller: what is called twice there counts as one. */
function placeOfCall({ frames }: RecordedStep, depth: number): string {
  const callers = frames.toReversed().slice(0, depth + 1)
  return (
    callers.map(({ name, line, column }) => `${name}:${line}:${column}`).join(' ') + (frames.at(-2 - depth)?.name ?? '')
  )
}

function isUninterrupted({ positions, name }: Call): boolean {
  return name !== '' && (positions.at(-1) as number) - (positions[0] as number) === positions.length - 1
}

function innermostCall({ frames }: RecordedStep): string | undefined {
  return frames.length > 1 ? frames[0]?.name : undefined
}
