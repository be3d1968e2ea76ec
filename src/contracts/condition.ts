/** The contract of the condition, for use with the mutex. */
import type { Contract } from '../contract.ts'
import { inOrder, modelOf, words } from './primitives.ts'
import type { Primitives, Words } from './primitives.ts'

/** Who holds the mutex, who waits, and who has been woken. */
interface Waiting {
  readonly holder: number
  readonly waiting: readonly number[]
  readonly woken: readonly number[]
  /** Whom a notification has still to wake: each of these for `notifyAll`, one of these for `notifyOne`. */
  readonly owed: readonly (readonly [notifier: number, waiting: readonly number[]])[]
}

function subsetsOf(all: readonly number[]): number[][] {
  const [first, ...rest] = all
  if (first === undefined) return [[]]
  return subsetsOf(rest).flatMap((set) => [set, [first, ...set]])
}

function wake(state: Waiting, woken: readonly number[]): Waiting {
  return {
    ...state,
    waiting: state.waiting.filter((each) => !woken.includes(each)),
    woken: inOrder([...state.woken, ...woken]),
  }
}

/**
 * A notification has two steps. The first one wakes those who are about to fall asleep, and the second one those who sleep. So it may wake
 * more than it has to: a wait may end without a notification of its own. `owes`: whether the second step has to wake some.
 */
function calledBy(state: Waiting, notifier: number, owes: (woken: readonly number[]) => boolean): Waiting[] {
  return subsetsOf(state.waiting).map((woken) => {
    const after = wake(state, woken)
    const owed = [notifier, owes(woken) ? after.waiting : []] as const
    return Object.assign(after, { owed: state.owed.concat([owed]).toSorted(([one], [other]) => one - other) })
  })
}

function wokenBy(
  state: Waiting,
  notifier: number,
  isEnough: (owed: readonly number[], woken: readonly number[]) => boolean,
): Waiting[] {
  const [, all = []] = state.owed.find(([process]) => process === notifier) ?? []
  const owed = all.filter((each) => state.waiting.includes(each))
  const paid = { ...state, owed: state.owed.filter(([process]) => process !== notifier) }
  return subsetsOf(state.waiting).flatMap((woken) => (isEnough(owed, woken) ? [wake(paid, woken)] : []))
}

export function conditionContract({ Condition, Mutex }: Primitives): Contract<Words> {
  return {
    of: Condition,
    name: 'Condition',
    pairs: { lock: 'takes', unlock: 'gives' },
    counted: ['wait', 'notifyOne', 'notifyAll'],
    methods: { wait: 'within', notifyOne: 'within', notifyAll: 'within' },
    clients: () => [
      {
        memory: words(Mutex.WORDS + Condition.WORDS),
        operations: {
          lock: (memory) => new Mutex(memory, 0).lock(),
          unlock: (memory) => new Mutex(memory, 0).unlock(),
          wait: (memory) => new Condition(memory, Mutex.WORDS).wait(new Mutex(memory, 0)),
          notifyOne: (memory) => new Condition(memory, Mutex.WORDS).notifyOne(),
          notifyAll: (memory) => new Condition(memory, Mutex.WORDS).notifyAll(),
        },
        blocking: ['lock', 'wait'],
        parts: { wait: ['enter', 'leave'], notifyOne: ['call', 'wakeOne'], notifyAll: ['callAll', 'wakeAll'] },
        model: modelOf<Waiting>(
          'condition',
          { holder: 0, waiting: [], woken: [], owed: [] },
          {
            lock: (state, { process }) => (state.holder === 0 ? [{ ...state, holder: process as number }] : []),
            unlock: (state, { process }) => (state.holder === process ? [{ ...state, holder: 0 }] : []),
            enter: (state, { process }) =>
              state.holder === process ? [{ ...state, holder: 0, waiting: inOrder([...state.waiting, process]) }] : [],
            leave: (state, { process }) =>
              state.holder === 0 && state.woken.includes(process as number)
                ? [{ ...state, holder: process as number, woken: state.woken.filter((each) => each !== process) }]
                : [],
            call: (state, { process }) => calledBy(state, process as number, (woken) => woken.length === 0),
            callAll: (state, { process }) => calledBy(state, process as number, () => true),
            wakeOne: (state, { process }) =>
              wokenBy(state, process as number, (owed, woken) => owed.length === 0 || woken.length > 0),
            wakeAll: (state, { process }) =>
              wokenBy(state, process as number, (owed, woken) => owed.every((each) => woken.includes(each))),
          },
        ),
      },
    ],
  }
}
