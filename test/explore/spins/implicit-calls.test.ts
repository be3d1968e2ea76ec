/** Loops that run code without a call of it: private accessors, conversions, accessors of classes, hidden names. */
import { runInThisContext } from 'node:vm'
import { expect, test } from 'vitest'

import { over } from '../counters.ts'
import { exploreBlindOnce } from '../loops/mutated.ts'
import { expectOutcomes, exploreWaiter, opener, script } from './waiters.ts'

type Waiter = (words: Int32Array) => boolean

const closed = (words: Int32Array): boolean => Atomics.load(words, 0) === 0

/** Opens word 0 halfway, and then wholly. */
const openerInTwoSteps = (words: Int32Array): void => {
  Atomics.store(words, 0, 1)
  Atomics.store(words, 0, 2)
}

class Delayed {
  #rounds = 0
  readonly #words: Int32Array

  constructor(words: Int32Array) {
    this.#words = words
  }

  get #delay(): number {
    return ++this.#rounds
  }

  wait(): boolean {
    for (;;) {
      const seen = Atomics.load(this.#words, 0)
      if (seen === 2) return this.#rounds > 2
      if (seen === 1) void this.#delay
    }
  }
}

test('a private accessor in a branch that the first rounds do not take', () => {
  expectOutcomes((words) => new Delayed(words).wait(), openerInTwoSteps, [false, true])
})

/** Its field of a private name is another one than the method of that name in the class below. */
class Emitter {
  readonly #emit = (): void => {}

  fire(): void {
    this.#emit()
  }
}

class Spinner extends Emitter {
  #rounds = 0

  #emit(): void {
    this.#rounds++
  }

  wait(words: Int32Array): boolean {
    while (closed(words)) this.#emit()
    return this.#rounds > 2
  }
}

test('a private method of which another class has a field', () => {
  expectOutcomes((words) => new Spinner().wait(words), opener, [false, true])
})

/** Returns a value that counts how often it is converted. */
function ticket(): { valueOf(): number; isUsed(): boolean } {
  let conversions = 0
  return { valueOf: () => ++conversions, isUsed: () => conversions > 2 }
}

const converting: Record<string, Waiter> = {
  'an element of a new array of numbers': (words) => {
    const value = ticket()
    while (closed(words)) new Int32Array(1)[0] = value as unknown as number
    return value.isUsed()
  },
  'an element of a new array of floats': (words) => {
    const value = ticket()
    while (closed(words)) {
      const scratch = new Float64Array(2)
      scratch[1] = value as unknown as number
    }
    return value.isUsed()
  },
}

test.each(Object.entries(converting))('the conversion of %s', (_, waiter) => {
  expectOutcomes(waiter, opener, [false, true])
})

let used = 0
const get = (): number => ++used
const set = (): void => void used++

const accessing: Record<string, readonly [prototype: object, (words: Int32Array) => void]> = {
  'a regular expression': [
    RegExp.prototype,
    (words) => {
      while (closed(words)) void (/x/ as unknown as { hits: number }).hits
    },
  ],
  'a buffer': [
    ArrayBuffer.prototype,
    (words) => {
      while (closed(words)) void (new ArrayBuffer(8) as unknown as { hits: number }).hits
    },
  ],
  'an array of numbers': [
    Int16Array.prototype,
    (words) => {
      while (closed(words)) (new Int16Array(1) as unknown as { hits: number }).hits = 1
    },
  ],
}

test.each(Object.entries(accessing))('an accessor of the class of %s that the round makes', (_, [prototype, spin]) => {
  const waiter: Waiter = (words) => {
    used = 0
    spin(words)
    return used > 2
  }
  Object.defineProperty(prototype, 'hits', { get, set, configurable: true })
  try {
    expectOutcomes(waiter, opener, [false, true])
  } finally {
    Reflect.deleteProperty(prototype, 'hits')
  }
})

test('a variable of a script that hides a global of the language', () => {
  const waiter = runInThisContext(
    `
    let isNaNCalls = 0
    let isNaN = () => { isNaNCalls++; return false }
    (words) => {
      isNaNCalls = 0
      while (Atomics.load(words, 0) === 0) isNaN(1)
      return isNaNCalls > 2
    }`.replace('return false }', 'return false };'),
  ) as Waiter
  expectOutcomes(waiter, opener, [false, true])
})

test('an assignment to a function expression’s own name, which does nothing outside strict mode', () => {
  const code = script(`
    let rounds = 0
    const poll = function self() { self = 0; if (self) rounds++ }
    while (closed) poll()
    return rounds > 2`)
  expectOutcomes((words) => code(words), opener, [false, true])
})

test('elements of a new array of numbers carry nothing', () => {
  const waiter: Waiter = (words) => {
    const scratch = new Int32Array(2)
    for (;;) {
      const own = new Int32Array(2)
      own[0] = Atomics.load(words, 0)
      if (own[0] !== 0) return scratch[0] === 0
    }
  }
  expect(exploreWaiter(waiter).outcomes).toHaveProperty('true')
})

test('a round with answers that are new is inspected, also of a loop that is known', async () => {
  const explore = await exploreBlindOnce()
  const waiter: Waiter = (words) => {
    let rounds = 0
    for (;;) {
      const seen = Atomics.load(words, 0)
      if (seen === 2) return rounds > 2
      if (seen === 1) rounds++
    }
  }
  const scenario = over({ waiter, opener: openerInTwoSteps }, { observe: (_words, { waiter: seen }) => seen })
  expect(Object.keys(explore(scenario, { dataRaces: false }).outcomes).toSorted()).toEqual(['false', 'true'])
})
