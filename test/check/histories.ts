/** Small random histories over each model: mostly near to right, since random answers are nearly always wrong. */
import fc from 'fast-check'
import type { Model, Operation } from '../../src/check/index.ts'
import { models } from '../../src/check/index.ts'

type Name = keyof typeof models

/** The operations of each model that random histories have, with their inputs. */
const CALLS: Record<Name, readonly (readonly [f: string, input: fc.Arbitrary<unknown>])[]> = {
  register: [
    ['read', fc.constant(null)],
    ['write', fc.nat(2)],
  ],
  'cas-register': [
    ['read', fc.constant(null)],
    ['write', fc.nat(2)],
    ['cas', fc.tuple(fc.nat(2), fc.nat(2))],
  ],
  counter: [
    ['read', fc.constant(null)],
    ['add', fc.nat(2)],
    ['fetchAdd', fc.nat(2)],
    ['increment', fc.constant(null)],
  ],
  set: [
    ['add', fc.nat(1)],
    ['remove', fc.nat(1)],
    ['has', fc.nat(1)],
  ],
  map: [
    ['set', fc.tuple(fc.nat(1), fc.nat(2))],
    ['get', fc.nat(1)],
    ['delete', fc.nat(1)],
  ],
  queue: [
    ['push', fc.nat(2)],
    ['pop', fc.constant(null)],
    ['size', fc.constant(null)],
  ],
  stack: [
    ['push', fc.nat(2)],
    ['pop', fc.constant(null)],
    ['size', fc.constant(null)],
  ],
  mutex: [
    ['lock', fc.constant(null)],
    ['tryLock', fc.constant(null)],
    ['unlock', fc.constant(null)],
  ],
  semaphore: [
    ['acquire', fc.constant(null)],
    ['tryAcquire', fc.constant(null)],
    ['release', fc.constant(null)],
  ],
}

/** The answers that an operation may have in random histories, for each model. */
const ANSWERS = [null, true, false, 0, 1, 2, 3]

/** Returns random histories of at most `most` operations by three processes, some of which never return. */
export function histories(name: Name, most: number): fc.Arbitrary<Operation[]> {
  const call = fc.oneof(
    ...CALLS[name].map(([f, input]) =>
      fc.record({
        f: fc.constant(f),
        input,
        output: fc.constantFrom(...ANSWERS),
        process: fc.nat(2),
        pause: fc.nat(2),
        takes: fc.nat(4),
        unknown: fc.nat(5).map((dice) => dice === 0),
        /** Whether to keep the random answer. */
        wild: fc.nat(3).map((dice) => dice === 0),
      }),
    ),
  )
  return fc.array(call, { maxLength: most, minLength: 1 }).map((calls) => {
    const free = [0, 0, 0]
    const timed = calls.map(({ process, pause, takes, wild, ...rest }) => {
      const called = free[process]! + pause
      free[process] = called + takes + 1
      // A process that does not know what came of its call has made its last one.
      const name = rest.unknown ? `${process} at ${called}` : process
      return { ...rest, wild, process: name, called, returned: rest.unknown ? Infinity : called + takes }
    })
    return answered(timed, models[name])
  })
}

/** Gives most operations an answer that one order allows: the order of their calls. */
function answered(calls: readonly (Operation & { wild: boolean })[], model: Model): Operation[] {
  let state = model.init()
  return calls
    .toSorted((one, other) => one.called - other.called)
    .map(({ wild, ...operation }) => {
      const candidates = [operation, ...ANSWERS.map((output) => answering(operation, output))]
      const fitting = wild ? undefined : candidates.find((each) => model.step(state, each).length > 0)
      const chosen = fitting ?? operation
      state = model.step(state, chosen)[0] ?? state
      return chosen
    })
}

function answering(operation: Operation, output: unknown): Operation {
  return { ...operation, output }
}
