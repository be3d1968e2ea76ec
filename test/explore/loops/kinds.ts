/**
 * The usual loops of concurrent code, each with random words, values and mistakes.
 */
import fc from 'fast-check'

import { call, casesOf, change, comparison, expression, look, sleep, value, word } from './arbitraries.ts'
import {
  again,
  both,
  cas,
  counted,
  either,
  exchange,
  exit,
  finds,
  holds,
  leave,
  load,
  local,
  loop,
  notify,
  perform,
  rounds,
  store,
  wait,
  when,
} from './build.ts'
import { ACTOR_LOCALS } from './program.ts'
import type { Body, Statement } from './program.ts'

const code = fc.integer({ min: 1, max: 3 })
const few = fc.integer({ min: 1, max: 3 })
/** Numbers of rounds: more than a loop is followed for, and fewer. */
const late = fc.integer({ min: 1, max: 5 })
const kept = fc.constantFrom(...ACTOR_LOCALS)
const maybeKept = fc.constantFrom(undefined, undefined, ...ACTOR_LOCALS)

/** `while (w[at] is value) {}` */
const spin = fc.tuple(word, comparison, value).map(([at, is, than]): Body => [loop(finds(load(at), is, than))])

const casSpin = fc
  .tuple(word, value, value, fc.boolean())
  .map(([at, from, to, taken]): Body => [
    loop(finds(cas(at, taken ? from : 0, taken ? to : 1), '!==', taken ? from : 0)),
  ])

const exchangeSpin = fc
  .tuple(word, value, casesOf([3, fc.constant(0)], [1, value]))
  .map(([at, to, free]): Body => [loop(finds(exchange(at, to), '!==', free))])

/** Test and test-and-set: reads while the lock is taken, then tries to take it. */
const testAndSet = word.map((at): Body => [
  loop(undefined, [loop(finds(load(at), '!==', 0)), when(finds(exchange(at, 1), '===', 0), [leave])]),
])

const twoWords = fc.tuple(word, word, value, comparison, fc.boolean()).map(([one, other, than, is, all]): Body => {
  const [left, right] = [finds(load(one), '===', 0), finds(load(other), is, than)]
  return [loop(all ? both(left, right) : either(left, right))]
})

/** Reads a second word only from a later round on. */
const roundCounter = fc
  .tuple(word, word, late, value, value, code)
  .map(([first, second, from, free, stop, stopped]): Body => [
    rounds('i1', undefined, undefined, [
      when(finds(load(first), '===', free), [leave]),
      when(both(counted('i1', '<', from), finds(load(first), '<', 9)), [again]),
      when(finds(load(second), '===', stop), [exit(stopped)]),
    ]),
  ])

/** Relies on what an earlier round read, unless it is the first round. */
const staleRetry = fc
  .tuple(word, word, few, kept)
  .map(([data, ready, trusting, into]): Body => [
    rounds(
      'i1',
      undefined,
      undefined,
      [
        perform(load(data), 't1'),
        when(finds(load(ready), '===', 0), [again]),
        when(counted('i1', '<', trusting), [perform(load(data), into), leave]),
        { do: 'assign', local: into, value: local('t1') },
        leave,
      ],
      ['t1'],
    ),
  ])

/** Keeps what the last round read, and leaves the loop when the next read differs, or when it is equal. */
const oldValue = fc
  .tuple(word, comparison, fc.option(look), code)
  .map(([at, is, also, out]): Body => [
    perform(load(at), 'v0'),
    loop(
      undefined,
      [
        perform(load(at), 't1'),
        when(holds('t1', is === '<' ? '!==' : is, local('v0')), [exit(out)]),
        ...(also === null ? [] : [perform(also, 'v1')]),
        { do: 'assign', local: 'v0', value: local('t1') },
      ],
      ['t1'],
    ),
  ])

/** A value that no word ever holds: a variable with this value has not been assigned yet. */
const NEVER_READ = 7

/** Keeps what it read for the next round. The loop can end between the read and the assignment. */
const remembering = fc
  .tuple(word, word, value, fc.option(word), fc.boolean(), code)
  .map(([first, second, than, third, swapped, out]): Body => {
    const [read, remembered] = swapped ? (['v1', 'v0'] as const) : (['v0', 'v1'] as const)
    return [
      { do: 'assign', local: remembered, value: NEVER_READ },
      loop(undefined, [
        perform(load(first), read),
        when(finds(load(second), '!==', than), [exit(out)]),
        third === null ? { do: 'assign', local: remembered, value: local(read) } : perform(load(third), remembered),
      ]),
    ]
  })

/** Sets a flag when it sees a value, and leaves the loop later for another value. */
const flag = fc
  .tuple(word, word, value, value, code)
  .map(([sign, end, seen, done, out]): Body => [
    loop(undefined, [
      when(finds(load(sign), '===', seen), [{ do: 'assign', local: 'v1', value: 1 }]),
      when(finds(load(end), '===', done), [exit(out)]),
      when(holds('v1', '===', 1), [when(finds(load(sign), '!==', seen), [leave])]),
    ]),
  ])

/** Changes a variable and changes it back, and counts rounds in between. */
const phases = fc
  .tuple(word, few, code)
  .map(([at, most, out]): Body => [
    loop(finds(load(at), '===', 0), [
      { do: 'assign', local: 'v1', value: 1 },
      when(holds('v1', '===', 1), [{ do: 'count', counter: 'n0' }]),
      { do: 'assign', local: 'v1', value: 0 },
      when(counted('n0', '===', most), [exit(out)]),
    ]),
  ])

/** Compares with the value that a variable had before the expression changed it, and counts how often that is found. */
const overtaken = fc
  .tuple(word, value, comparison, few, code)
  .map(([at, then, is, most, out]): Body => [
    loop(undefined, [
      { do: 'assign', local: 'v1', value: 0 },
      when({ test: 'access', access: load(at), is, value: local('v1'), between: { local: 'v1', value: then } }, [
        { do: 'count', counter: 'n0' },
      ]),
      when(counted('n0', '===', most), [exit(out)]),
      when(finds(load(at), '===', 1), [leave]),
    ]),
  ])

/** Leaves the loop in the middle of a round, after some rounds. */
const lateExit = fc
  .tuple(word, word, late, code, maybeKept)
  .map(([at, last, most, out, into]): Body => [
    loop(finds(load(at), '===', 0), [
      { do: 'count', counter: 'n0' },
      when(counted('n0', '===', most), [perform(load(last), into), exit(out)]),
    ]),
  ])

/** Reads another word in its body, once or twice, and uses the value or not. */
const bodyReads = fc
  .tuple(word, word, value, value, fc.boolean(), code)
  .map(([head, other, one, two, twice, out]): Body => [
    loop(
      finds(load(head), '===', 0),
      [
        perform(load(other), 't1'),
        when(holds('t1', '===', one), [exit(out)]),
        ...(twice ? [when(finds(load(other), '===', two), [exit(out + 1)])] : [perform(load(other))]),
      ],
      ['t1'],
    ),
  ])

const timedSleep = fc
  .tuple(word, word, value, code, fc.boolean())
  .map(([at, on, expected, out, leaves]): Body => [
    loop(
      finds(load(at), '===', 0),
      [perform(wait(on, expected, true), 't1'), ...(leaves ? [when(holds('t1', '===', 1), [exit(out)])] : [])],
      ['t1'],
    ),
  ])

/** A condition: sleeps until the word is set. With two words, a wake-up may be lost. */
const endlessSleep = fc
  .tuple(word, word, value, fc.boolean())
  .map(([at, on, expected, same]): Body => [
    loop(finds(load(at), '===', 0), [perform(wait(same ? at : on, same ? 0 : expected))]),
  ])

const retry = fc
  .tuple(word, fc.constantFrom(1, 2, -1), fc.option(look), kept)
  .map(([at, by, between, into]): Body => [
    loop(
      undefined,
      [
        perform(load(at), 't1'),
        ...(between === null ? [] : [perform(between)]),
        perform(cas(at, local('t1'), local('t1', by)), 'u1'),
        when(holds('u1', '===', local('t1')), [{ do: 'assign', local: into, value: local('u1') }, leave]),
      ],
      ['t1', 'u1'],
    ),
  ])

/** Loads and stores another word, as in a critical section. */
const increment = word.map((at): Body => [perform(load(at), 'v0'), perform(store(at, local('v0', 1)))])

/** Releases a lock, correctly or not. */
function release(at: number, wrong: number): Body {
  if (wrong === 1) return []
  if (wrong === 2)
    return [perform(load(at), 'v1'), perform(store(at, 0)), when(holds('v1', '===', 2), [perform(notify(at))])]
  return [when(finds(exchange(at, 0), '===', 2), [perform(notify(at))])]
}

const mistake = fc.constantFrom(0, 0, 0, 1, 2)

const spinLock = fc
  .tuple(word, increment, mistake)
  .map(([at, section, wrong]): Body => [[loop(finds(cas(at, 0, 1), '!==', 0))], section, release(at, wrong)].flat())

const futexLock = fc.tuple(word, increment, mistake).map(([at, section, wrong]): Body => {
  const sleeping = loop(finds(exchange(at, 2), '!==', 0), [perform(wait(at, 2))])
  return [[when(finds(cas(at, 0, 1), '!==', 0), [sleeping])], section, release(at, wrong)].flat()
})

/** A spin in a counted loop, with or without an answer in each round. */
const nested = fc
  .tuple(word, value, comparison, few, fc.option(fc.tuple(word, value)))
  .map(([at, than, is, times, answer]): Body => [
    rounds('i1', times, undefined, [
      loop(finds(load(at), is, than)),
      ...(answer === null ? [] : [perform(store(answer[0], answer[1]))]),
    ]),
  ])

const bounded = fc
  .tuple(word, casesOf([3, few], [1, fc.integer({ min: 4, max: 8 })]), value, code)
  .map(([at, most, than, out]): Body => [
    rounds('i1', most, undefined, [when(finds(load(at), '===', than), [exit(out)])]),
  ])

/** Equal reads in a row, and then a loop. */
const readsThenSpin = fc.tuple(word, word, few, comparison).map(([at, on, times, is]): Body => {
  const reads = Array.from({ length: times }, (_, index): Statement => perform(load(at), index === 0 ? 'v0' : 'v1'))
  return reads.concat(loop(finds(load(on), is, 0)))
})

const help: fc.Arbitrary<Statement> = fc
  .tuple(fc.nat(1), maybeKept)
  .map(([helper, into]): Statement => (into === undefined ? { do: 'call', helper } : { do: 'call', helper, into }))

const helped = fc
  .tuple(help, casesOf([2, fc.constant(1)], [3, few]), fc.option(fc.tuple(word, value)))
  .map(([called, times, answer]): Body => [
    rounds('i1', times, undefined, [called, ...(answer === null ? [] : [perform(store(answer[0], answer[1]))])]),
  ])

const helpedUntil = fc
  .tuple(word, value, help)
  .map(([at, than, called]): Body => [loop(finds(load(at), '===', than), [called])])

/** A loop of one of the kinds. */
export const kinds: fc.Arbitrary<Body> = fc.oneof(
  spin,
  casSpin,
  exchangeSpin,
  testAndSet,
  twoWords,
  roundCounter,
  staleRetry,
  oldValue,
  remembering,
  flag,
  phases,
  overtaken,
  lateExit,
  bodyReads,
  timedSleep,
  endlessSleep,
  retry,
  spinLock,
  futexLock,
  nested,
  bounded,
  readsThenSpin,
  helped,
  helpedUntil,
)

const changed = fc.tuple(change(ACTOR_LOCALS), maybeKept).map(([access, into]): Body => [perform(access, into)])

/** Changes a word and changes it back: a loop that reads it may see either value. */
const thereAndBack = fc
  .tuple(word, value, value)
  .map(([at, there, back]): Body => [perform(store(at, there)), perform(store(at, back))])

const published = fc.tuple(word, value).map(([at, to]): Body => [perform(store(at, to)), perform(notify(at, 2))])

/** Steps without a loop. Most of them change what the loops of other actors read. */
export const straightPart: fc.Arbitrary<Body> = casesOf<Body>(
  [6, changed],
  [2, published],
  [2, thereAndBack],
  [2, fc.tuple(look, maybeKept).map(([access, into]) => [perform(access, into)])],
  [2, call.map((access) => [perform(access)])],
  [2, fc.tuple(sleep(fc.boolean()), maybeKept).map(([access, into]) => [perform(access, into)])],
  [1, help.map((called) => [called])],
  [
    1,
    fc
      .tuple(word, value, expression(ACTOR_LOCALS))
      .map(([at, than, to]) => [when(finds(load(at), '===', than), [perform(store(at, to))])]),
  ],
)
