/** Judges the sample in which a round got stuck, from where its threads stand. */
import type { Standing, Throw } from './messages.ts'
import type { SampleFault, SampleJudgement } from './subject.ts'

/** How a thread left the round: it has done it, it stands somewhere, or it cannot be paused. */
export type Left = { readonly throws: readonly Throw[] } | Standing | undefined

/** The round that got stuck. */
export interface StuckRound {
  readonly actors: readonly string[]
  /** For each actor: how its thread left the round. */
  readonly left: readonly Left[]
  /** The time that the threads had, in seconds. */
  readonly seconds: number
}

/** The judgement on the stuck sample, and where its actors stand. */
export interface StuckSample {
  readonly judgement: SampleJudgement
  readonly where: readonly string[]
}

/**
 * Returns the judgement on the first sample that got stuck. A later one may be stuck only because of it: the actor that should
 * have woken another one did not get there.
 */
export function judgeStuck({ actors, left, seconds }: StuckRound): StuckSample {
  const standing = left.filter((each) => each !== undefined && 'sample' in each)
  const stuck = Math.min(...standing.filter(({ inside }) => inside).map(({ sample }) => sample))
  const states = actors.map((name, index) => ({ name, state: stateIn(stuck, left[index]) }))
  const open = states.filter(({ state }) => state !== 'has ended')
  const names = open.map(({ name }) => name)
  const isDeadlock = open.every(({ state }) => state === 'sleeps')
  const fault: SampleFault = isDeadlock
    ? faultOf('deadlock', `${joined(names)} ${names.length > 1 ? 'sleep' : 'sleeps'} forever`)
    : faultOf('hang', `${joined(names)} did not end within ${seconds} s`)
  const thrown = throwsIn(stuck, { actors, left })
  return {
    judgement: {
      outcome: undefined,
      faults: [...thrown.map(({ actor, text }) => faultOf('exception', `${actor} threw ${text}`)), fault],
    },
    where: [
      ...thrown.flatMap(({ actor, at }) => (at.length === 0 ? [] : [`${actor} threw${lines(at)}`])),
      ...open.map(({ name, state }, index) => placeOf(name, state, left[actors.indexOf(names[index] ?? '')])),
    ],
  }
}

/** What an actor does in a sample. */
type State = 'has ended' | 'sleeps' | 'sleeps for a time' | 'runs' | 'has not begun' | 'cannot be paused'

function stateIn(stuck: number, left: Left): State {
  if (left === undefined) return 'cannot be paused'
  if (!('sample' in left) || left.sample > stuck) return 'has ended'
  if (!left.inside) return 'has not begun'
  if (left.asleep === 'no') return 'runs'
  return left.asleep === 'forever' ? 'sleeps' : 'sleeps for a time'
}

function placeOf(name: string, state: State, left: Left): string {
  const at = left !== undefined && 'at' in left ? lines(left.at) : ''
  if (state === 'sleeps' || state === 'sleeps for a time') {
    return `${name} sleeps in Atomics.wait${state === 'sleeps' ? '' : ', with a timeout,'}${at}`
  }
  if (state === 'runs') return `${name} is still${at === '' ? ' running' : at}`
  return `${name} ${state === 'cannot be paused' ? 'is in a call that could not be paused to name its line' : state}`
}

/** Returns lines of a stack, the innermost first, as the end of a sentence. */
export function lines(at: readonly string[]): string {
  return at.length === 0 ? '' : ` at ${at.join(', called from ')}`
}

function throwsIn(
  stuck: number,
  { actors, left }: Pick<StuckRound, 'actors' | 'left'>,
): { readonly actor: string; readonly text: string; readonly at: readonly string[] }[] {
  return actors.flatMap((actor, index) => {
    const thrown = left[index]?.throws.find(({ sample }) => sample === stuck)
    return thrown === undefined ? [] : [{ actor, ...thrown }]
  })
}

function joined(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function faultOf(kind: SampleFault['kind'], message: string): SampleFault {
  return { kind, message, outcome: null, identity: `${kind} ${message}` }
}
