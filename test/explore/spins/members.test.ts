/**
 * Loops through members: private methods and accessors, arrow functions as fields, results as objects, and methods of the
 * language that only read. Each kind stands here twice: with a loop that carries nothing, and with one that counts.
 */
import { expect, test } from 'vitest'

import { closed, Counter, exploreWaiter, opener, script } from './waiters.ts'

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
  'an arrow function in a constant': (words) => new Fields(words).wait(),
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
      const seen = next().gate
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
      const seen = next().gate!()
      if (seen === 'hit') counter.bump()
      else if (seen === end || seen === 'end') return counter.rounds > 3
    }
  },
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
  'what a descriptor counts': (words) => {
    const counter = new Counter()
    const descriptor = {
      get value(): string {
        counter.bump()
        return 'x'
      },
    }
    for (;;) {
      Object.defineProperty(() => 1, 'name', descriptor)
      if (!closed(words)) return counter.rounds > 3
    }
  },
  'a function that knows the view before': (words) => {
    const counter = new Counter()
    const first = new Int32Array(words.buffer)
    const isFirst = (view: Int32Array): boolean => view === first
    let view = first
    for (;;) {
      if (Atomics.load(view, 0) === 1) return counter.rounds > 3
      if (!isFirst(view)) counter.bump()
      view = new Int32Array(words.buffer)
    }
  },
  'a row of views, each of which takes the place of the one before': (words) => {
    let [one, two, three, four] = [words, words, words, words]
    while (closed(words)) [one, two, three, four] = [two, three, four, new Int32Array(words.buffer)]
    return one !== words
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

test('a loop that assigns a read-only property of all objects is not complete without its later rounds', () => {
  // oxlint-disable-next-line no-extend-native -- it is what is tested
  Object.defineProperty(Object.prototype, 'racelabFixed', { value: 1, writable: false, configurable: true })
  try {
    const counter = new Counter()
    const waiter = script(
      `for (;;) { if (!(closed)) return late()
        const made = {}; made.racelabFixed = 5; if (made.racelabFixed !== 5) count() }`,
      'late',
      'count',
    )
    const act: Waiter = (words) =>
      waiter(
        words,
        () => counter.rounds > 3,
        () => counter.bump(),
      ) as boolean
    expect(exploreWaiter(act).complete).toBe(false)
  } finally {
    Reflect.deleteProperty(Object.prototype, 'racelabFixed')
  }
})

test.each(Object.entries(counting))(
  'a loop through %s that counts is not complete without its later rounds',
  (_, waiter) => {
    const { complete, outcomes } = exploreWaiter(waiter, opener)
    if (complete) expect(Object.keys(outcomes).toSorted()).toEqual(['false', 'true'])
    else expect(Object.keys(outcomes)).toContain('false')
  },
)
