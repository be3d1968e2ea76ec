/** Locks that count their calls where the inspector shows nothing. A proof that looks at their variables only would call them proved. */
import { expect, test } from 'vitest'

import { proofOf, ThirdCall } from './third-try.ts'

class Counter {
  static all = 0
  n = 0

  counting(): () => number {
    return () => ++this.n
  }
}

/** Each makes a function that returns how often it was called. */
const COUNTS: Record<string, () => () => number> = {
  'the iterator of an array'() {
    const numbers = Array.from({ length: 99 }, (_, index) => index + 1).values()
    return () => numbers.next().value ?? 0
  },
  'the iterator of a map'() {
    const numbers = new Map(Array.from({ length: 99 }, (_, index) => [index + 1, 0])).keys()
    return () => numbers.next().value ?? 0
  },
  'the iterator of matches'() {
    const matches = 'a'.repeat(99).matchAll(/a/g)
    return () => (matches.next().value?.index ?? 0) + 1
  },
  'the this of an arrow function': () => new Counter().counting(),
  'a static field': () => {
    Counter.all = 0
    return () => ++Counter.all
  },
  'a property of a function'() {
    const count = Object.assign(() => 0, { n: 0 })
    return () => ++count.n
  },
  'what a weak reference holds'() {
    const kept = { n: 0 }
    const reference = new WeakRef(kept)
    return () => ++(reference.deref() ?? kept).n
  },
}

test.each(Object.entries(COUNTS))('a lock that counts its calls in %s is not proved', (_, make) => {
  expect(proofOf(ThirdCall, (words) => new ThirdCall(words, make()))).toMatchObject({ kind: 'unknown' })
})

test('a lock that does not count them is', () => {
  expect(proofOf(ThirdCall, (words) => new ThirdCall(words, () => 0))).toMatchObject({ kind: 'proved' })
})
