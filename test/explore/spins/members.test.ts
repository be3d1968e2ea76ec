/**
 * Loops through members: private methods and accessors, arrow functions as fields, results as objects, and methods of the
 * language that only read. Each kind stands here twice: with a loop that carries nothing, and with one that counts.
 */
import { expect, test } from 'vitest'

import { closed, exploreWaiter, opener } from './waiters.ts'

class Gate {
  static #asked = 0
  readonly #words: Int32Array
  #rounds = 0

  constructor(words: Int32Array) {
    this.#words = words
  }

  get #isClosed(): boolean {
    return closed(this.#words)
  }

  get #isClosedYet(): boolean {
    this.#rounds++
    return closed(this.#words)
  }

  #test(): boolean {
    return closed(this.#words)
  }

  #count(): boolean {
    this.#rounds++
    return closed(this.#words)
  }

  #pause(): void {}

  #pauseLonger(): void {
    this.#rounds++
  }

  static #look(words: Int32Array): boolean {
    return closed(words)
  }

  static #ask(words: Int32Array): boolean {
    Gate.#asked++
    return closed(words)
  }

  byMethod(): boolean {
    while (this.#test());
    return this.#rounds > 2
  }

  byCountingMethod(): boolean {
    while (this.#count());
    return this.#rounds > 3
  }

  byAccessor(): boolean {
    while (this.#isClosed);
    return this.#rounds > 2
  }

  byCountingAccessor(): boolean {
    while (this.#isClosedYet);
    return this.#rounds > 3
  }

  withPause(): boolean {
    while (closed(this.#words)) this.#pause()
    return this.#rounds > 2
  }

  withCountingPause(): boolean {
    while (closed(this.#words)) this.#pauseLonger()
    return this.#rounds > 2
  }

  static byMethod(words: Int32Array): boolean {
    while (Gate.#look(words));
    return false
  }

  static byCountingMethod(words: Int32Array): boolean {
    Gate.#asked = 0
    while (Gate.#ask(words));
    return Gate.#asked > 3
  }

  /** The class within has a private method of the same name. */
  byInnerMethod(): boolean {
    const words = this.#words
    class Inner {
      #rounds = 0

      #test(): boolean {
        this.#rounds++
        return closed(words)
      }

      wait(): boolean {
        while (this.#test());
        return this.#rounds > 3
      }
    }
    return new Inner().wait()
  }

  /** The method belongs to the class around. */
  byOuterMethod(): boolean {
    const outer = (): boolean => this.#count()
    class Inner {
      wait(): void {
        while (outer());
      }
    }
    new Inner().wait()
    return this.#rounds > 3
  }
}

class Fields {
  rounds = 0
  readonly words: Int32Array
  isClosed = (): boolean => closed(this.words)
  count = (): boolean => {
    this.rounds++
    return closed(this.words)
  }

  constructor(words: Int32Array) {
    this.words = words
  }
}

const gateOf = (words: Int32Array, count: () => void): { wait(): void } =>
  new (class {
    #test(): boolean {
      count()
      return closed(words)
    }

    wait(): void {
      while (this.#test());
    }
  })()

const tryOnce = (words: Int32Array): { readonly ok: boolean; readonly value: number } => {
  const value = Atomics.load(words, 0)
  return { ok: value !== 0, value }
}

type Waiter = (words: Int32Array) => boolean

const still: Record<string, Waiter> = {
  'a private method': (words) => new Gate(words).byMethod(),
  'a private accessor': (words) => new Gate(words).byAccessor(),
  'a private method without an access': (words) => new Gate(words).withPause(),
  'a private method of a class': (words) => Gate.byMethod(words),
  'a private method of a class that a function makes': (words) => {
    gateOf(words, () => {}).wait()
    return false
  },
  'an arrow function in a field': (words) => {
    const fields = new Fields(words)
    while (fields.isClosed());
    return fields.rounds > 2
  },
  'a result that is an object': (words) => {
    while (!tryOnce(words).ok);
    return false
  },
  'a result that is taken apart': (words) => {
    for (;;) {
      const { ok } = tryOnce(words)
      if (ok) return false
    }
  },
  'a result that is copied': (words) => {
    for (;;) {
      const seen = tryOnce(words)
      const { ok } = { ...seen }
      if (ok) return false
    }
  },
  'an entry of a map': (words) => {
    const places = new Map([['gate', 0]])
    while (Atomics.load(words, places.get('gate')!) === 0);
    return false
  },
  'a member of a set': (words) => {
    const open = new Set([1])
    while (!open.has(Atomics.load(words, 0)));
    return false
  },
  'an array that includes it': (words) => {
    // oxlint-disable-next-line unicorn/prefer-set-has -- it is the array that is tested
    const open = [1]
    while (!open.includes(Atomics.load(words, 0)));
    return false
  },
  'the start of a text': (words) => {
    const names = ['closed', 'open']
    while (names[Atomics.load(words, 0)]!.startsWith('c'));
    return false
  },
  'a view that is made in each round': (words) => {
    for (;;) {
      const view = new Int32Array(words.buffer, 0, 1)
      if (Atomics.load(view, 0) === 1) return false
    }
  },
}

test.each(Object.entries(still))('a loop through %s is complete', (_, waiter) => {
  const result = exploreWaiter(waiter)
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
  expect(Object.keys(result.outcomes)).toEqual(['false'])
})

const counting: Record<string, Waiter> = {
  'a private method': (words) => new Gate(words).byCountingMethod(),
  'a private accessor': (words) => new Gate(words).byCountingAccessor(),
  'a private method without an access': (words) => new Gate(words).withCountingPause(),
  'a private method of a class': (words) => Gate.byCountingMethod(words),
  'a private method of a class within the class': (words) => new Gate(words).byInnerMethod(),
  'a private method of the class around': (words) => new Gate(words).byOuterMethod(),
  'a private method of a class that a function makes': (words) => {
    let rounds = 0
    gateOf(words, () => void rounds++).wait()
    return rounds > 3
  },
  'an arrow function in a field': (words) => {
    const fields = new Fields(words)
    while (fields.count());
    return fields.rounds > 3
  },
  'the arrow functions of two objects in turn': (words) => {
    let [one, other, rounds] = [new Fields(words), new Fields(words), 0]
    one.rounds = 1
    while (one.isClosed()) {
      ;[one, other] = [other, one]
      rounds += other.rounds
    }
    return rounds > 1
  },
  'a result that counts': (words) => {
    let state = { rounds: 0 }
    while (closed(words)) state = { rounds: state.rounds + 1 }
    return state.rounds > 2
  },
  'a result that is taken apart': (words) => {
    let rounds = 0
    const next = (): { readonly round: number } => ({ round: rounds + 1 })
    while (closed(words)) ({ round: rounds } = next())
    return rounds > 2
  },
  'a copy that counts': (words) => {
    let state = { rounds: 0, name: 'gate' }
    // oxlint-disable-next-line oxc/no-accumulating-spread -- it is what is tested
    while (closed(words)) state = { ...state, rounds: state.rounds + 1 }
    return state.rounds > 2
  },
  'a new object whose method counts': (words) => {
    let rounds = 0
    const made = (): { count(): void } => ({ count: () => void rounds++ })
    while (closed(words)) made().count()
    return rounds > 2
  },
  'an entry of a map': (words) => {
    const rounds = new Map([['gate', 0]])
    while (closed(words)) rounds.set('gate', rounds.get('gate')! + 1)
    return rounds.get('gate')! > 2
  },
  'a map with a method of its own': (words) => {
    let rounds = 0
    const places = Object.assign(new Map([[0, 0]]), { get: () => rounds++ && 0 })
    while (Atomics.load(words, places.get() === 0 ? 0 : 1) === 0);
    return rounds > 3
  },
  'an array that grows': (words) => {
    const seen: number[] = []
    while (closed(words)) if (!seen.includes(seen.length)) seen.push(seen.length)
    return seen.length > 2
  },
}

test.each(Object.entries(counting))(
  'a loop through %s that counts is not complete without its later rounds',
  (_, waiter) => {
    const { complete, outcomes } = exploreWaiter(waiter, opener)
    if (complete) expect(Object.keys(outcomes).toSorted()).toEqual(['false', 'true'])
    else expect(Object.keys(outcomes)).toContain('false')
  },
)
