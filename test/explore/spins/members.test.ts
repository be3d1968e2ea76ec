/**
 * Loops through members: private methods and accessors, getters, and arrow functions as fields. Each kind stands here
 * twice: with a loop that carries nothing, and with one that counts.
 */
import { expect, test } from 'vitest'

import { closed, Counter, expectNoLostRounds, exploreWaiter, Mode, script } from './waiters.ts'

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

const asked = new Counter()
const probe = (): void => asked.bump()

/** What its private method uses has the name of a variable around the loop. */
class Probing {
  readonly #words: Int32Array

  constructor(words: Int32Array) {
    this.#words = words
  }

  // oxlint-disable-next-line no-unused-private-class-members -- the class within uses it
  #pause(): void {
    probe()
  }

  wait(): boolean {
    const before = asked.rounds
    const words = this.#words
    // oxlint-disable-next-line typescript/no-this-alias -- an arrow function would be the function that calls
    const self = this
    // oxlint-disable-next-line no-shadow -- it is what is tested
    const probe = (): void => {}
    class Inner {
      wait(): void {
        while (closed(words)) self.#pause()
        probe()
      }
    }
    new Inner().wait()
    return asked.rounds - before > 3
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

  wait(): boolean {
    const isShut = (): boolean => closed(this.words)
    while (isShut());
    return this.rounds > 2
  }
}

/** Its function is the next one of a chain each time that it is called. The last one's `this` is marked. */
class Link {
  next: (() => number) | undefined
  isLast = false

  make(chain: { step?: (() => number) | undefined }, words: Int32Array): () => number {
    return () => {
      chain.step = this.next
      const seen = Atomics.load(words, 0)
      return seen === 1 ? (this.isLast ? 2 : 1) : 0
    }
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

/**
 * Calls a member that is a getter at first, until a call returns 1. The first time the result of the getter is called, and begins
 * to count. `declarations` declares the object, `current`, and the getter, which changes what `current.gate` means.
 */
function waitByGetter(words: Int32Array, declarations: string): boolean {
  const mode = new Mode()
  const waiter = script(
    `const hit = () => { begin(); return 0 }, end = () => 1
    ${declarations}
    for (;;) {
      const seen = current.gate()
      if (seen === end || seen === 1) return rounds()
      tick()
    }`,
    'begin',
    'tick',
    'rounds',
    'make',
    'replace',
  )
  // What is in this file, the code of the getter does not show.
  let object = {}
  let isFirst = true
  const make = (get: () => unknown): object =>
    (object = Object.defineProperty({ get }, 'gate', { get, configurable: true }))
  const replace = (): void => {
    if (isFirst) Object.defineProperty(object, 'gate', { value: Reflect.get(object, 'get') })
    isFirst = false
  }
  const [begin, tick] = [(): void => mode.begin(), (): void => mode.tick()]
  return waiter(words, begin, tick, () => mode.rounds > 3, make, replace) as boolean
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
  'an arrow function in a constant': (words) => new Fields(words).wait(),
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
  'a private method that uses another variable of this name': (words) => new Probing(words).wait(),
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
  'the arrow functions of a chain, each of which puts the next in its place': (words) => {
    const chain: { step?: (() => number) | undefined } = {}
    const links = Array.from({ length: 5 }, () => new Link())
    const steps = links.map((link) => link.make(chain, words))
    for (const [index, link] of links.entries()) {
      link.next = steps[Math.min(index + 1, 4)]
      link.isLast = index === 4
    }
    chain.step = steps[0]
    for (;;) {
      const found = chain.step!()
      if (found !== 0) return found === 2
    }
  },
  'the arrow functions of a chain, each of which assigns the next to a variable': (words) => {
    let step: (() => number) | undefined
    class Assigning {
      next: (() => number) | undefined
      isLast = false

      make(): () => number {
        return () => {
          step = this.next
          const seen = Atomics.load(words, 0)
          return seen === 1 ? (this.isLast ? 2 : 1) : 0
        }
      }
    }
    const links = Array.from({ length: 5 }, () => new Assigning())
    const steps = links.map((link) => link.make())
    for (const [index, link] of links.entries()) {
      link.next = steps[Math.min(index + 1, 4)]
      link.isLast = index === 4
    }
    step = steps[0]
    for (;;) {
      const found = step!()
      if (found !== 0) return found === 2
    }
  },
  'the identity of a private method': (words) => {
    const counter = new Counter()
    class Idle {
      readonly #idle = (): void => {}
      #same(): void {}
      #state = this.#same

      wait(): boolean {
        for (;;) {
          if (this.#state === this.#same) counter.bump()
          if (!closed(words)) return counter.rounds > 3
          this.#idle()
        }
      }
    }
    return new Idle().wait()
  },
  'the name of a private method': (words) => {
    class Named {
      #method(): void {}
      readonly saved = this.#method

      wait(): boolean {
        for (;;) {
          Object.defineProperty(this.#method, 'name', { value: `${this.saved.name}x` })
          if (!closed(words)) return this.saved.name.length > 10
        }
      }
    }
    return new Named().wait()
  },
  'a getter that becomes another one while it is read': (words) => {
    const counter = new Counter()
    const objects = Array.from({ length: 9 }, () => {
      const object: { first: boolean; valueOf(): string; gate?: unknown } = {
        first: true,
        valueOf() {
          if (this.first) {
            this.first = false
            Object.defineProperty(this, 'gate', { get: this.valueOf, configurable: true })
          }
          return String(Atomics.load(words, 0))
        },
      }
      return Object.defineProperty(object, 'gate', { get: Number.bind(null, object), configurable: true })
    })
    const next = (): { gate?: unknown } => objects[Math.min(counter.rounds, 8)]!
    for (;;) {
      const object = next()
      const seen = object.gate
      if (seen === 0) counter.bump()
      if (seen === 1 || seen === '1') return counter.rounds > 3
    }
  },
  'a getter that puts itself in its own place': (words) => {
    const counter = new Counter()
    const [hit, end] = [() => 'hit', () => 'end']
    interface Lazy {
      first: boolean
      gate?: () => unknown
    }
    const gate = function (this: Lazy): () => string {
      if (this.first) {
        this.first = false
        Object.defineProperty(this, 'gate', { value: gate })
      }
      return Atomics.load(words, 0) === 1 ? end : hit
    }
    const objects = Array.from({ length: 9 }, () =>
      Object.defineProperty<Lazy>({ first: true }, 'gate', { get: gate, configurable: true }),
    )
    const next = (): Lazy => objects[Math.min(counter.rounds, 8)]!
    for (;;) {
      const object = next()
      const seen = object.gate!()
      if (seen === 'hit') counter.bump()
      else if (seen === end || seen === 'end') return counter.rounds > 3
    }
  },
  'a getter that another function replaces by the getter itself': (words) =>
    waitByGetter(
      words,
      `let isFirst = true
      const gate = () => { settle(); return closed ? hit : end }
      const settle = () => {
        if (isFirst) Object.defineProperty(current, 'gate', { value: gate })
        isFirst = false
      }
      const current = make(gate)`,
    ),
  'a getter that puts another object in the place of its own': (words) =>
    waitByGetter(
      words,
      `const first = { get gate() { settle(); return closed ? hit : end } }
      const second = { gate: Object.getOwnPropertyDescriptor(first, 'gate').get }
      const settle = () => { current = second }
      let current = first`,
    ),
  'a getter that a parameter replaces': (words) =>
    waitByGetter(words, 'const current = make(((swap) => () => { swap(); return closed ? hit : end })(replace))'),
  'a getter that an element of a list replaces': (words) =>
    waitByGetter(words, 'const current = make(((list) => () => { list[0](); return closed ? hit : end })([replace]))'),
  'the functions of classes that the fields of objects make': (words) => {
    const chain: { next: (() => boolean) | undefined } = { next: undefined }
    class Outer {
      // oxlint-disable-next-line typescript/no-extraneous-class -- its functions are what is tested
      Inner = class Named {
        static counts: (() => void) | undefined
        static after: (() => boolean) | undefined

        static step(this: void): boolean {
          chain.next = Named.after
          const isClosed = Atomics.load(words, 0) === 0
          Named.counts?.()
          return isClosed
        }
      }
    }
    const counter = new Counter()
    const classes = Array.from({ length: 5 }, () => new Outer().Inner)
    for (const [index, each] of classes.entries()) {
      const next = classes[Math.min(index + 1, 4)]!
      each.after = () => next.step()
      if (index === 4) each.counts = () => counter.bump()
    }
    chain.next = () => classes[0]!.step()
    while (chain.next());
    return counter.rounds > 1
  },
  'what is caught of a variable that has no value yet': (words) => {
    const counter = new Counter()
    const read = script(
      `const name = 5, use = () => name
      return { get value() { try { return name; let name } catch { return count() } } }`,
      'count',
    )(words, () => counter.bump()) as { readonly value: number }
    for (;;) {
      void read.value
      if (!closed(words)) return counter.rounds > 3
    }
  },
  'what is caught of a variable of the block around that has no value yet': (words) => {
    const counter = new Counter()
    const waiter = script(
      `const later = 0, use = () => later
      const look = () => {
        (() => { try { return later } catch { return count() } })()
        let later = 1
      }
      for (;;) { look(); if (!(closed)) return rounds() }`,
      'count',
      'rounds',
    )
    const count = (): void => counter.bump()
    return waiter(words, count, () => counter.rounds > 3) as boolean
  },
  'what is caught of a variable of the function that has no value yet': (words) => {
    const counter = new Counter()
    const read = script(
      `const name = 5, use = () => name
      return { get value() { try { return name } catch { return count() } let name } }`,
      'count',
    )(words, () => counter.bump()) as { readonly value: number }
    for (;;) {
      void read.value
      if (!closed(words)) return counter.rounds > 3
    }
  },
}

test.each(Object.entries(counting))(
  'a loop through %s that counts is not complete without its later rounds',
  (_, waiter) => expectNoLostRounds(waiter),
)
