/** Loops that carry something which no variable shows: operands, iterators, and what a new object of the loop lacks. */
import { test } from 'vitest'

import { expectOutcomes, opener, openerOfBoth } from './waiters.ts'

const closed = (words: Int32Array): boolean => Atomics.load(words, 0) === 0

/** What a loop finds that reads word 0 and then word 1, where `before` is a value from before the two reads. */
const pick = (before: number, first: number, second: number): string | undefined => {
  if (first === 0 && second === 1) return `saw ${before}`
  return first === 1 ? 'opened' : undefined
}

type Waiter = (words: Int32Array) => unknown
type Functions = Record<string, (...args: unknown[]) => unknown>

/** Each waits for word 0, and returns whether its loop carried something through more than two rounds. */
const carrying: Record<string, Waiter> = {
  'the element that a compound assignment changes, at an index that it loads': (words) => {
    // The first element is what the language would make of an unknown one.
    const texts = ['undefinedx', '']
    for (;;) {
      texts[Atomics.load(words, 0)] += 'x'
      if (texts[1] !== '') return texts[0]!.length > 12
    }
  },
  'the property that a compound assignment changes, of an object at a loaded index': (words) => {
    const lines = [{ text: 'undefinedx' }, { text: '' }]
    for (;;) {
      lines[Atomics.load(words, 0)]!.text += 'x'
      if (lines[1]!.text !== '') return lines[0]!.text.length > 12
    }
  },
  'an operand that the name of a function of Atomics changes': (words) => {
    const check = (state: { rounds: number }, before: number, _: unknown, value: number): number => {
      if (before === 0) state.rounds++
      return value
    }
    const state = { rounds: 0 }
    for (let phase = 0; ; phase = 0) {
      const value = check(
        state,
        phase,
        (Atomics as unknown as Functions)[((phase = 1), 'load')]!(words, 1),
        Atomics.load(words, 0),
      )
      if (value !== 0) return state.rounds > 2
    }
  },
  'how often an array is asked for its iterator': (words) => {
    let asked = 0
    const list = [1]
    const get = (): unknown => (asked++, Array.prototype[Symbol.iterator])
    Object.defineProperty(list, Symbol.iterator, { get })
    while (closed(words)) for (const element of list) void element
    return asked > 2
  },
  'how often a destructured array is asked for its iterator': (words) => {
    let asked = 0
    const list = [1]
    const get = (): unknown => (asked++, Array.prototype[Symbol.iterator])
    Object.defineProperty(list, Symbol.iterator, { get })
    while (closed(words)) {
      const [element] = list
      void element
    }
    return asked > 2
  },
  'a count that an element of all objects seems to reset': (words) => {
    const all = Object.prototype as unknown as number[]
    all[9] = 7
    let rounds = 0
    while (closed(words)) rounds = Math.min(rounds + 1, words[9] === 7 ? 0 : 5)
    Reflect.deleteProperty(all, '9')
    return rounds > 2
  },
  'what the iterator does that the first round leaves': (words) => {
    const state = { rounds: 0, left: false }
    const iterator = {
      next: () => ({ value: 1, done: false }),
      return: () => {
        state.left = true
        return { value: 1, done: true }
      },
    }
    const first = (list: Iterable<number>, _later: unknown): Iterable<number> => list
    let list: Iterable<number> = { [Symbol.iterator]: () => iterator }
    const plain = [1]
    for (;;) {
      for (const element of first(list, (list = plain))) {
        if (Atomics.load(words, 0) === 0) break
        return state.rounds > element
      }
      if (state.left) state.rounds++
    }
  },
}

test.each(Object.entries(carrying))('a loop carries %s', (_, waiter) => {
  expectOutcomes(waiter, opener, [false, true])
})

/** Each returns 'saw 0' from its first round only, and 'saw 1' from a later one. */
const firstRounds: Record<string, Waiter> = {
  'a function of Math that was replaced': (words) => {
    const early = (one: number, other: number): string | undefined => pick(0, one, other)
    Object.assign(Math, { pick: early })
    const later = (one: number, other: number): string | undefined => pick(1, one, other)
    let isFirst = true
    const look = (): number => {
      if (isFirst) Reflect.set(Math, 'pick', later)
      isFirst = false
      return Atomics.load(words, 0)
    }
    for (;;) {
      const found = (Math as unknown as { pick: typeof later }).pick(look(), Atomics.load(words, 1))
      if (found !== undefined) return found
    }
  },
}

test.each(Object.entries(firstRounds))('the first round differs from the later ones by %s', (_, waiter) => {
  expectOutcomes(waiter, openerOfBoth, ['opened', 'saw 0', 'saw 1'])
})

test('a function of Math that is named by a variable has another name from the second round on', () => {
  const waiter = (words: Int32Array): string => {
    let [name, isFirst, seen] = ['min', true, 0]
    const look = (): number => {
      if (isFirst) [name, isFirst] = ['max', false]
      return (seen = Atomics.load(words, 0))
    }
    for (;;) {
      const found = (Math as unknown as Functions)[name]!(look(), Atomics.load(words, 1))
      if (found !== 0) return seen === 0 ? 'early' : 'opened'
    }
  }
  // Only `max` finds word 1 open while word 0 is closed.
  expectOutcomes(waiter, openerOfBoth, ['early', 'opened'])
})

test('an argument beyond the parameters differs in the first round', () => {
  const look = function (words: Int32Array): string | undefined {
    const first = Atomics.load(words, 0)
    const second = Atomics.load(words, 1)
    // oxlint-disable-next-line prefer-rest-params -- it is what is tested
    return second === 0 ? undefined : `${first}${second}${arguments[1]}`
  } as (words: Int32Array, ...others: number[]) => string | undefined
  const waiter = (words: Int32Array): string => {
    let extra = 5
    for (;;) {
      const found = look(words, extra, (extra = 6))
      if (found !== undefined) return found
    }
  }
  expectOutcomes(waiter, openerOfBoth, ['015', '016', '115', '116'])
})

test('an answer that came earlier in an expression differs in the first round', () => {
  const join = (swapped: number, first: number, second: number): string | undefined =>
    second === 0 ? undefined : `${swapped}${first}${second}`
  const waiter = (words: Int32Array): string => {
    for (;;) {
      const found = join(Atomics.compareExchange(words, 3, 0, 1), Atomics.load(words, 1), Atomics.load(words, 2))
      if (found !== undefined) return found
    }
  }
  const other = (words: Int32Array): void => {
    Atomics.store(words, 1, 1)
    Atomics.store(words, 2, 1)
  }
  // The exchange succeeds in the first round only. Word 1 is opened before word 2.
  expectOutcomes(waiter, other, ['001', '011', '101', '111'])
})

test('a loop over an array that is left in each round ends where the first array ends', () => {
  const first = (list: readonly number[], _later: unknown): readonly number[] => list
  const waiter = (words: Int32Array): string => {
    let list = [1, 2]
    const later = [1, 9]
    for (;;) {
      for (const element of first(list, (list = later))) {
        if (element !== 1) return `element ${element}`
        const seen = Atomics.load(words, 0)
        if (Atomics.load(words, 1) === 0) break
        if (seen === 1) return 'opened'
      }
    }
  }
  // It goes on to the second element if word 0 was closed and then word 1 open: in the first round that is 2, later 9.
  expectOutcomes(waiter, openerOfBoth, ['element 2', 'element 9', 'opened'])
})

/** Each makes a view anew in each round, and returns what it found of the view before. */
const views: Record<string, readonly [Waiter, readonly unknown[]]> = {
  identity: [
    (words) => {
      let one = new Int32Array(words.buffer)
      let other = one
      let differs = false
      while (closed(words)) {
        differs = one !== other
        one = new Int32Array(words.buffer)
        other = new Int32Array(words.buffer)
      }
      return differs
    },
    [false, true],
  ],
  property: [
    (words) => {
      let view = Object.assign(new Int32Array(words.buffer), { mark: 5 }) as Int32Array & { mark?: number }
      let mark: number | undefined = 5
      while (closed(words)) {
        mark = view.mark
        view = new Int32Array(words.buffer)
      }
      return String(mark)
    },
    ['5', undefined],
  ],
  prototype: [
    (words) => {
      const marked = Object.create(Int32Array.prototype, { mark: { value: 5 } }) as object
      let view = Object.setPrototypeOf(new Int32Array(words.buffer), marked) as { mark?: number }
      let mark: number | undefined = 5
      while (closed(words)) {
        mark = view.mark
        view = new Int32Array(words.buffer) as { mark?: number }
      }
      return String(mark)
    },
    ['5', undefined],
  ],
}

test.each(Object.entries(views))('a view that a round makes is not the first view: its %s', (_, [waiter, outcomes]) => {
  expectOutcomes(waiter, opener, outcomes)
})
