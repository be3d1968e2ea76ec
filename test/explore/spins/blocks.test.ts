/**
 * Loops with switches, patterns and for-of loops: where a block begins, what its names mean before that, and the code that
 * runs in between. V8's debugger is wrong about the scopes of some of these positions, or ends the process there.
 */
import { expect, test } from 'vitest'

import { closed, Counter, expectNoLostRounds, exploreWaiter, script } from './waiters.ts'

type Waiter = (words: Int32Array) => boolean

const spin = (words: Int32Array): boolean => {
  while (closed(words));
  return false
}

/** Spins when its loop is left. */
function* entries(words: Int32Array): Generator<number> {
  try {
    yield 1
    yield 2
  } finally {
    spin(words)
  }
}

/** Functions use variables of the blocks here, so V8 keeps the variables apart from those of the function. */
const misleading: Record<string, Waiter> = {
  'a switch on an access': (words) => {
    const load = (): number => Atomics.load(words, 0)
    for (;;) {
      switch (load()) {
        case 1:
          // oxlint-disable-next-line no-case-declarations -- it is what is tested
          const one = 1
          return [1].map((each) => each * one)[0] === 2
      }
    }
  },
  'a call in a switch': (words) => {
    const wait = (): boolean => spin(words)
    switch (wait()) {
      case false:
        // oxlint-disable-next-line no-case-declarations -- it is what is tested
        const one = 1
        return [1].map((each) => each * one)[0] === 2
      default:
        return true
    }
  },
  'a switch with eval': (words) =>
    script('switch (spin(words)) { case false: let x = 1; eval("x") } return false', 'spin')(words, spin) as boolean,
  'a switch with eval in the test of a case': (words) =>
    script('switch (spin(words)) { case eval("1"): let x = 1 } return false', 'spin')(words, spin) as boolean,
  'a switch with a with statement': (words) =>
    script('switch (spin(words)) { case false: let x = 1; with ({}) { x } } return false', 'spin')(
      words,
      spin,
    ) as boolean,
  'a for-of loop that is left': (words) => {
    const keep = (): Int32Array => words
    for (const entry of entries(keep())) {
      const get = (): number => entry
      if (get() === 1) break
    }
    return false
  },
  'a for-of loop that is left, over an iterator with a getter': (words) => {
    const keep = (): Int32Array => words
    const iterator = {
      [Symbol.iterator]: () => iterator,
      next: () => ({ value: 1, done: false }),
      get return() {
        return () => ({ value: Number(spin(keep())), done: true })
      },
    }
    for (const entry of iterator) {
      const get = (): number => entry
      if (get() === 1) break
    }
    return false
  },
  'a for-of loop from which a function returns': (words) => {
    const keep = (): Int32Array => words
    for (const entry of entries(keep())) {
      const other = 1
      const get = (): number => entry + other
      return get() === 1
    }
    return true
  },
}

test.each(Object.entries(misleading))('the spin of %s is followed, but not held', (_, waiter) => {
  const result = exploreWaiter(waiter)
  expect(result).toMatchObject({
    verdict: 'inconclusive',
    complete: false,
    spins: [{ reason: 'its code or its variables cannot be read' }],
  })
  expect(Object.keys(result.outcomes)).toEqual(['false'])
})

test('code that switches on the result of an exploration is told the result', () => {
  const run = (): boolean => exploreWaiter(spin).complete
  const told = (): string => {
    switch (run()) {
      case false:
        // oxlint-disable-next-line no-case-declarations -- it is what is tested
        const text = 'not complete'
        return ['is '].map((each) => each + text)[0]!
      default:
        return 'complete'
    }
  }
  expect(told()).toBe('is not complete')
})

const still: Record<string, Waiter> = {
  'a switch on an access, with a variable of its own': (words) => {
    for (;;) {
      switch (Atomics.load(words, 0)) {
        case 1:
          // oxlint-disable-next-line no-case-declarations -- it is what is tested
          const isOpen = false
          return isOpen
      }
    }
  },
  'a switch that reads in the test of a case': (words) => {
    for (;;) {
      switch (1) {
        case Atomics.load(words, 0):
          return false
      }
    }
  },
}

test.each(Object.entries(still))('a loop through %s is complete', (_, waiter) => {
  expect(exploreWaiter(waiter)).toMatchObject({ verdict: 'pass', complete: true })
})

/** Returns a function that loads word 0, which counts if it does not convert, and an object that is converted by another one. */
function converter(words: Int32Array, key: 'toString' | 'valueOf'): { step: () => string; counter: Counter } {
  const counter = new Counter()
  const object: Record<string, () => string> = {}
  const make = (converts: boolean) => (): string => {
    const value = Atomics.load(words, 0)
    if (converts) return '0'
    counter.bump()
    return value === 1 ? '1' : (object as unknown as string)
  }
  object[key] = make(true)
  return { step: make(false), counter }
}

const counting: Record<string, Waiter> = {
  'what a switch is on, where the block has a function of the name': (words) => {
    const counter = new Counter()
    const f = 0
    for (;;) {
      // oxlint-disable-next-line typescript/no-unnecessary-condition -- the names are what is tested
      switch (f === 0) {
        case true:
          counter.bump()
          break
        case false:
          break
          // oxlint-disable-next-line no-inner-declarations, no-shadow, no-unused-vars -- it is what is tested
          function f() {}
      }
      if (!closed(words)) return counter.rounds > 3
    }
  },
  'a variable that a switch hides': (words) => {
    let x = 0
    const next = (): number => x + 1
    const get = (): boolean => x > 4
    const wait = (): boolean => {
      for (;;) {
        switch (Atomics.load(words, 0) + ((x = next()), 0)) {
          case 1:
            return get()
          case 7:
            // oxlint-disable-next-line no-case-declarations, no-shadow, no-unused-vars -- it is what is tested
            let x
        }
      }
    }
    return wait()
  },
  'a variable that a for-of loop hides': (words) => {
    let x = 0
    const next = (): number => x + 1
    const get = (): boolean => x > 4
    for (;;) {
      x = next()
      // oxlint-disable-next-line no-shadow -- it is what is tested
      for (const x of [Atomics.load(words, 0)]) if (x === 1) return get()
    }
  },
  'what follows a for-of loop with an access in its pattern': (words) => {
    const counter = new Counter()
    const list: { y?: number }[] = [{}, {}]
    for (;;) {
      for (const { y = Atomics.load(words, 0) } of list) if (y === 1) return counter.rounds > 3
      counter.bump()
    }
  },
  'what follows a for-of loop with an access in a pattern of an array': (words) => {
    const counter = new Counter()
    const list: number[][] = [[], []]
    for (;;) {
      for (var [y = Atomics.load(words, 0)] of list) if (y === 1) return counter.rounds > 3
      counter.bump()
    }
  },
  'a conversion to text at the position of a call': (words) => {
    const { step, counter } = converter(words, 'toString')
    for (;;) if (`${step()}.` === '1.') return counter.rounds > 3
  },
  'a conversion by an arrow function at the position of a call': (words) => {
    const counter = new Counter()
    const object: { toString?: () => string } = {}
    class Step {
      readonly converts: boolean
      step = (): string => {
        const value = Atomics.load(words, 0)
        if (this.converts) return '0'
        counter.bump()
        return value === 1 ? '1' : (object as string)
      }

      constructor(converts: boolean) {
        this.converts = converts
      }
    }
    const { step } = new Step(false)
    object.toString = new Step(true).step
    for (;;) if (`${step()}.` === '1.') return counter.rounds > 3
  },
  'a conversion to a key at the position of a call': (words) => {
    const { step, counter } = converter(words, 'toString')
    for (;;) {
      const seen: Record<string, number> = { [step()]: 1 }
      if (seen['1'] === 1) return counter.rounds > 3
    }
  },
  'a conversion in an assignment at the position of a call': (words) => {
    const { step, counter } = converter(words, 'valueOf')
    for (;;) {
      let text = ''
      text += step()
      if (text === '1') return counter.rounds > 3
    }
  },
  'an element beyond the end of an array, which arrays inherit': (words) => {
    const counter = new Counter()
    // oxlint-disable-next-line no-extend-native -- it is what is tested
    Object.defineProperty(Array.prototype, 5, { value: 1, configurable: true, writable: true })
    try {
      for (;;) {
        if (!closed(words)) return counter.rounds > 3
        const list: readonly number[] = [0]
        const [, , , , , sixth] = list
        if (sixth === undefined) counter.bump()
      }
    } finally {
      Reflect.deleteProperty(Array.prototype, 5)
    }
  },
}

test.each(Object.entries(counting))(
  'a loop through %s that counts is not complete without its later rounds',
  (_, waiter) => expectNoLostRounds(waiter),
)
