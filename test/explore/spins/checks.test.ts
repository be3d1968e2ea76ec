/** What the snapshot and the lookahead find by themselves, if every prediction says that a loop carries nothing. */
import { expect, test } from 'vitest'

import { over } from '../counters.ts'
import { exploreBlind, exploreBlindOnce } from '../loops/mutated.ts'
import { closed, Counter, opener } from './waiters.ts'

const explore = await exploreBlind()

type Waiter = (words: Int32Array) => unknown

function* steps(length: number): Generator<number> {
  for (let step = 0; step < length; step++) yield step
}

/** Each returns whether its loop went through more than a few rounds. */
const counting: Record<string, Waiter> = {
  'a variable': (words) => {
    let rounds = 0
    while (closed(words)) rounds++
    return rounds > 2
  },
  'a property of a property': (words) => {
    const state = { inner: { rounds: 0 } }
    while (closed(words)) state.inner.rounds++
    return state.inner.rounds > 2
  },
  'a private field': (words) => {
    const counter = new Counter()
    while (closed(words)) counter.bump()
    return counter.rounds > 2
  },
  'the length of an array': (words) => {
    const list: number[] = []
    while (closed(words)) list.push(0)
    return list.length > 2
  },
  'an entry of a map': (words) => {
    const rounds = new Map([['n', 0]])
    while (closed(words)) rounds.set('n', rounds.get('n')! + 1)
    return rounds.get('n')! > 2
  },
  'the size of a set': (words) => {
    const rounds = new Set<number>()
    while (closed(words)) rounds.add(rounds.size)
    return rounds.size > 2
  },
  'the time of a date': (words) => {
    const date = new Date(0)
    while (closed(words)) date.setTime(date.getTime() + 1)
    return date.getTime() > 2
  },
  'an element of private memory': (words) => {
    const rounds = new Float64Array(1)
    while (closed(words)) rounds[0]!++
    return rounds[0]! > 2
  },
  'a byte of a private buffer': (words) => {
    const buffer = new ArrayBuffer(8)
    while (closed(words)) new Uint8Array(buffer)[0]!++
    return new Uint8Array(buffer)[0]! > 2
  },
  'the prototype of an object': (words) => {
    let link: object | null = null
    const object = {}
    while (closed(words)) Object.setPrototypeOf(object, (link = Object.create(link) as object))
    let length = 0
    for (let each: unknown = object; each !== null; each = Object.getPrototypeOf(each)) length++
    return length > 4
  },
  'a property of a view of shared memory': (words) => {
    const marked = words as Int32Array & { rounds?: number }
    while (closed(words)) marked.rounds = (marked.rounds ?? 0) + 1
    return marked.rounds! > 2
  },
  'which of two variables holds an object': (words) => {
    let [first, second] = [{ name: 'a' }, { name: 'b' }]
    let rounds = 0
    while (closed(words)) {
      ;[first, second] = [second, first]
      if (first.name === 'b') rounds = Math.min(rounds + 1, 2)
    }
    return rounds > 1
  },
  'a variable of a function that is made anew': (words) => {
    const make = (rounds: number) => (): number => rounds
    let see = make(0)
    while (closed(words)) see = make(see() + 1)
    return see() > 2
  },
}

test.each(Object.entries(counting))('a snapshot sees that a loop changes %s', (_, waiter) => {
  const result = explore(over({ waiter, opener }, { observe: (_words, { waiter: seen }) => seen }), {
    dataRaces: false,
  })
  expect(Object.keys(result.outcomes).toSorted()).toEqual(['false', 'true'])
  expect(result.complete).toBe(false)
})

test('a lookahead sees that a loop ends by itself, though no variable leads to what it counts', () => {
  const waiter: Waiter = (words) => {
    const step = steps(9)
    while (closed(words)) if (step.next().done === true) return 'ended'
    return 'opened'
  }
  const result = explore(over({ waiter, other: () => 0 }, { observe: (_words, { waiter: seen }) => seen }))
  expect(result).toMatchObject({ verdict: 'pass', failures: [] })
  expect(Object.keys(result.outcomes)).toEqual(['ended'])
})

test('a lookahead sees that a loop comes to make another access', () => {
  const waiter: Waiter = (words) => {
    const step = steps(9)
    while (closed(words)) if (step.next().done === true && Atomics.load(words, 1) !== 0) return 'second'
    return 'opened'
  }
  const other: Waiter = (words) => void Atomics.store(words, 1, 1)
  const result = explore(over({ waiter, other }, { observe: (_words, { waiter: seen }) => seen }))
  // Held for word 0 alone, the waiter would spin forever.
  expect(result.failures).toEqual([])
  expect(Object.keys(result.outcomes)).toEqual(['second'])
})

test('a lookahead tries out a loop that is known, if its accesses have answers that it has not tried', async () => {
  const waiter: Waiter = (words) => {
    const step = steps(9)
    for (;;) {
      const seen = Atomics.load(words, 0)
      if (seen === 1 && step.next().done === true) return 'ended'
    }
  }
  const exploreOnce = await exploreBlindOnce()
  const result = exploreOnce(over({ waiter, opener }, { observe: (_words, { waiter: seen }) => seen }))
  expect(result.failures).toEqual([])
  expect(Object.keys(result.outcomes)).toEqual(['ended'])
})

test('a loop that changes nothing is held, and objects that each round makes anew are no change', () => {
  const waiter: Waiter = (words) => {
    for (;;) {
      const seen = { first: Atomics.load(words, 0), view: new Int32Array(words.buffer), see: () => seen.first }
      if (seen.see() !== 0) return seen.view.length
    }
  }
  const result = explore(over({ waiter, opener }))
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
})

test('a buffer that each round makes anew is no change', () => {
  const waiter: Waiter = (words) => {
    for (;;) {
      const view = new Int32Array(new SharedArrayBuffer(8))
      if (Atomics.load(words, 0) !== 0) return view.length
    }
  }
  expect(explore(over({ waiter, opener }))).toMatchObject({ verdict: 'pass', complete: true })
})
