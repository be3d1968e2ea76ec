import { expect, test } from 'vitest'

import { scenario } from '../../../src/explore/index.ts'
import { over } from '../counters.ts'
import { explore } from './unchecked.ts'
import { closed, Counter } from './waiters.ts'

/**
 * Each waits for word 0 in a loop that carries something, and returns whether the loop carried it through more than two
 * rounds.
 */
type Waiter = (words: Int32Array) => boolean

const waiters: Record<string, Waiter> = {
  'the variable of a getter that a try block reads': (words) => {
    let rounds = 0
    const counts = {
      get rounds() {
        try {
          return rounds++
        } catch {
          return 0
        }
      },
    }
    while (closed(words)) void counts.rounds
    return counts.rounds > 2
  },
  'what a getter counts that gives the function to call': (words) => {
    let rounds = 0
    const gate = {
      get closed() {
        rounds++
        return closed
      },
    }
    while (gate.closed(words));
    return rounds > 3
  },
  'a property': (words) => {
    const state = { rounds: 0 }
    while (closed(words)) state.rounds++
    return state.rounds > 2
  },
  'a property of a property': (words) => {
    const state = { inner: { rounds: 0 } }
    while (closed(words)) state.inner.rounds += 1
    return state.inner.rounds > 2
  },
  'a variable that a closure changes': (words) => {
    let rounds = 0
    const bump = (): void => void rounds++
    while (closed(words)) bump()
    return rounds > 2
  },
  'the length of an array': (words) => {
    const rounds: number[] = []
    while (closed(words)) rounds.push(1)
    return rounds.length > 2
  },
  'an element of an array': (words) => {
    const rounds = [0]
    while (closed(words)) rounds[0] = (rounds[0] ?? 0) + 1
    return (rounds[0] ?? 0) > 2
  },
  'a private field': (words) => {
    const counter = new Counter()
    while (closed(words)) counter.bump()
    return counter.rounds > 2
  },
  'what a getter counts': (words) => {
    const counter = new Counter()
    while (Atomics.load(words, counter.index) === 0);
    return counter.rounds > 3
  },
  'the size of a map': (words) => {
    const rounds = new Map<number, number>()
    while (closed(words)) rounds.set(rounds.size, 1)
    return rounds.size > 2
  },
  'a text': (words) => {
    let rounds = ''
    while (closed(words)) rounds += '.'
    return rounds.length > 2
  },
  'what a finally counts': (words) => {
    let rounds = 0
    for (;;) {
      try {
        if (!closed(words)) return rounds > 2
      } finally {
        rounds++
      }
    }
  },
  'what a conversion of the index counts': (words) => {
    let rounds = 0
    const index = {
      valueOf(): number {
        rounds++
        return 0
      },
    }
    while (Atomics.load(words, index as unknown as number) === 0);
    return rounds > 3
  },
  'what a default parameter counts': (words) => {
    let rounds = 0
    const bump = (round = rounds++): number => round
    while (closed(words)) bump()
    return rounds > 2
  },
  'an element of a private typed array': (words) => {
    const rounds = new Int32Array(1)
    while (closed(words)) Atomics.add(rounds, 0, 1)
    return Atomics.load(rounds, 0) > 2
  },
  'a BigInt': (words) => {
    let rounds = 0n
    while (closed(words)) rounds++
    return rounds > 2n
  },
  'where an iterator stands': (words) => {
    const rounds = [0, 1, 2, 3, 4, 5, 6][Symbol.iterator]()
    let last = 0
    while (closed(words)) last = rounds.next().value ?? 6
    return last > 1
  },
  'what a comparison counts': (words) => {
    let rounds = 0
    while (closed(words)) [2, 1].sort(() => rounds++)
    return rounds > 2
  },
}

/** An array that counts how often it is iterated. */
class Iterated extends Array<number> {
  rounds = 0;

  override *[Symbol.iterator](): ArrayIterator<number> {
    this.rounds++
    yield 0
  }
}

/** Counts how often `before` is 0, and returns `value`. */
function check(state: { rounds: number }, before: number, value: number): number {
  if (before === 0) state.rounds++
  return value
}

/** Waiters whose next round looks as if it changed nothing, because of how a variable or a property is read. */
const disguised: Record<string, Waiter> = {
  'what a function sees of a variable that changes and changes back': (words) => {
    let phase = 0
    const state = { rounds: 0 }
    const bump = (): void => void (phase === 1 && state.rounds++)
    while (closed(words)) {
      phase = 1
      bump()
      phase = 0
    }
    return state.rounds > 2
  },
  'a counter around a loop over an array whose elements it assigns': (words) => {
    const masks = [4, 5]
    for (let rounds = 0; ; rounds++) {
      for (let mask of masks) {
        mask &= 4
        if ((Atomics.load(words, 0) << 2) & mask) return rounds > 0
      }
    }
  },
  'a counter around a loop over an array that it replaces': (words) => {
    let list = [1, 2]
    for (let rounds = 0; ; rounds++) {
      for (const element of list) {
        list = [element, 7]
        if (Atomics.load(words, 0) !== 0) return rounds > 0
      }
    }
  },
  'what a setter of a new object counts': (words) => {
    const state = { rounds: 0 }
    while (closed(words)) {
      const probe = {
        set by(count: number) {
          state.rounds += count
        },
      }
      probe.by = 1
    }
    return state.rounds > 2
  },
  'what a getter of a new object counts': (words) => {
    const state = { rounds: 0 }
    while (closed(words)) {
      const probe = {
        get next(): number {
          return state.rounds++
        },
      }
      void probe.next
    }
    return state.rounds > 2
  },
  'what the prototype of a new object counts': (words) => {
    const state = { rounds: 0 }
    const counting = {
      get next(): number {
        return state.rounds++
      },
    }
    while (closed(words)) void ({ __proto__: counting } as unknown as typeof counting).next
    return state.rounds > 2
  },
  'an operand that a later operand changes': (words) => {
    let phase = 0
    const state = { rounds: 0 }
    for (;;) {
      phase = 0
      if (check(state, phase, ((phase = 1), Atomics.load(words, 0))) !== 0) return state.rounds > 3
    }
  },
  'an operand that an argument of the access changes': (words) => {
    let phase = 0
    const state = { rounds: 0 }
    for (;;) {
      phase = 0
      if (check(state, phase, Atomics.load(words, ((phase = 1), 0))) !== 0) return state.rounds > 3
    }
  },
  'an operand that a called function changes': (words) => {
    let phase = 0
    const state = { rounds: 0 }
    const look = (): number => {
      phase = 1
      return Atomics.load(words, 0)
    }
    for (;;) {
      phase = 0
      if (check(state, phase, look()) !== 0) return state.rounds > 3
    }
  },
  'how often an array is iterated': (words) => {
    const list = new Iterated(5, 6)
    while (closed(words)) for (const element of list) void element
    return list.rounds > 2
  },
  'how often an array is destructured': (words) => {
    const list = new Iterated(5, 6)
    while (closed(words)) {
      const [element] = list
      void element
    }
    return list.rounds > 2
  },
  'what a bound getter counts': (words) => {
    const counter = new Counter()
    const probe = Object.defineProperty({}, 'next', { get: counter.bump.bind(counter) }) as { next?: number }
    while (closed(words)) void probe.next
    return counter.rounds > 2
  },
  'the object of a chain in parentheses': (words) => {
    const state = { rounds: 0 }
    const object = {
      look(): void {
        if (this === object) state.rounds++
      },
    }
    // oxlint-disable-next-line no-unsafe-optional-chaining, typescript/no-unnecessary-condition -- it is what is tested
    while (closed(words)) (object?.look)()
    return state.rounds > 2
  },
  'what a proxy counts': (words) => {
    const counting = { rounds: 0 }
    const proxy = new Proxy({ next: 0 }, { get: () => counting.rounds++ })
    while (closed(words)) void proxy.next
    return counting.rounds > 2
  },
  'what a proxy counts that is a prototype': (words) => {
    const counting = { rounds: 0 }
    const derived = Object.create(new Proxy({}, { get: () => counting.rounds++ })) as { next?: number }
    while (closed(words)) void derived.next
    return counting.rounds > 2
  },
  'what a try block does that catches': (words) => {
    const rounds = new Map<number, number>()
    while (closed(words)) {
      try {
        rounds.set(rounds.size, 1)
      } catch {
        return false
      }
    }
    return rounds.size > 2
  },
  'the length of a view that counts how often it is read': (words) => {
    let rounds = 0
    class Counted extends Int32Array {
      override get length(): number {
        return rounds++
      }
    }
    const view = new Counted(words.buffer as unknown as ArrayBuffer)
    while (Atomics.load(view, 0) === 0) void view.length
    return rounds > 2
  },
  'how often a frozen object refuses a value': (words) => {
    const state = { rounds: 0 }
    const frozen: { value: number } = Object.freeze({ value: 1 })
    while (closed(words)) {
      try {
        frozen.value = 1
      } catch {
        state.rounds++
      }
    }
    return state.rounds > 2
  },
  'what a function sees of the variable of an earlier iteration': (words) => {
    const state = { rounds: 0 }
    while (closed(words)) {
      let first = (): number => 9
      for (let at = 0; at < 2; at++) {
        if (at === 0) first = () => at
        else if (first() === 0) state.rounds++
      }
    }
    return state.rounds > 2
  },
}

/**
 * Waiters in the sloppy mode of scripts, as the body of a function of `words` and `phase`: `while (closed)` stands for
 * the loop, and `count` for what it carries.
 */
const sloppy: Record<string, string> = {
  'what is thrown by a call of undefined': 'const hooks = {}; while (closed) try { hooks.onSpin() } catch { count }',
  'what is thrown in a catch clause before a finally block': `
    while (closed) try { try { throw 1 } catch (error) { throw error } finally { count } } catch {}`,
  'what is thrown for a symbol in a template':
    'const symbol = Symbol(); while (closed) try { `${symbol}` } catch { count }',
  'what is thrown by a variable before its declaration':
    'let x = 1; while (closed) try { void x; let y = x; { void z; let z = y } } catch { count }',
  'what is thrown by a variable that nothing declares': 'while (closed) try { notDeclared } catch { count }',
  'what is thrown by a view that does not fit':
    'while (closed) try { new Int32Array(words.buffer, 1) } catch { count }',
  'what is thrown by an access that does not fit': 'while (closed) try { Atomics.load(words, 99) } catch { count }',
  'what is thrown by a class that is called':
    'class Made { constructor() {} } while (closed) try { Made() } catch { count }',
  'what the finally block of an exception drops': 'for (; closed; ) for (;;) try { null.x } finally { count; break }',
  'what a static private getter counts': `
    class Counting { static get #next() { count; return 1 } static look() { void Counting.#next } }
    while (closed) Counting.look()`,
  'what a private name throws for another object': `
    class Own { #x = 1; static is(other) { try { other.#x } catch { count } } }
    while (closed) Own.is({})`,
  'what a conversion to an element counts':
    'const odd = { valueOf() { count; return 1 } }; while (closed) { Atomics.load(words, 1); words[1] = odd }',
  'what a conversion of a new object\u2019s property counts':
    'const odd = { valueOf() { count; return 1 } }; while (closed) void ({ odd }.odd + 1)',
  'what a conversion of a computed key counts':
    "const odd = { toString() { count; return 'x' } }; while (closed) void { [odd]: 1 }",
  'what a conversion to a length counts':
    'const odd = { valueOf() { count; return 8 } }; while (closed) new ArrayBuffer(odd)',
  'what an iterable that becomes a view counts':
    'const odd = { get length() { count; return 1 } }; while (closed) new Int32Array(odd)',
  'an element of private memory, through a new view': `
    const buffer = new ArrayBuffer(4), kept = new Int32Array(buffer)
    while (Atomics.add(words, 0, 0) === 0) { Atomics.add(new Int32Array(buffer), 0, 1); state.rounds = kept[0] }`,
  'what a property of a new view was': `
    let view = new Int32Array(words.buffer)
    view.n = 0
    while (closed) {
      if (view.n > 2) state.rounds = 3
      const next = new Int32Array(words.buffer)
      next.n = view.n + 1
      view = next
    }`,
  'what a function calls that nothing says is a constructor': `
    class Made { constructor() {} }
    const spin = () => { while (closed) Made() }
    for (;;) {
      try { spin(); break } catch (error) { if (!(error instanceof TypeError)) throw error; count }
    }`,
  'a value that an earlier case of a switch changes': `
    while (closed) {
      let n = 0
      switch (n) { case (n = 1, 5): break; case Atomics.load(words, 1): count }
    }`,
  'what an iterator counts that a loop leaves early': `
    const iterators = Object.getPrototypeOf([].values())
    iterators.return = () => { count; return {} }
    while (closed) for (const element of [1]) break
    delete iterators.return`,
  'what a function sees that was made within `with`': `
    const next = 0, object = Object.create({ next: 1 })
    let g
    with (object) { g = () => { if (next === 1) count } }
    while (closed) g()`,
  'what a comment of HTML hides': `
    while (closed) {
      phase = 0
      if (1 <!--phase > 9
      ) count
      phase = 0
    }`,
  'what the prototype of a new object counts that is assigned':
    'const counting = { get next() { count; return 1 } }; while (closed) { const made = {}; made.__proto__ = counting; void made.next }',
  'what a function in a block hides': `
    function f() {}
    const keep = () => f
    const g = () => { { function f() { count } } f() }
    while (closed) g()`,
  'what a function in a switch counts': `
    const f = () => 0
    const g = () => { switch (0) { case 0: f(); function f() { count } } }
    while (closed) g()`,
  'what `this` is outside strict mode': 'function f() { if (this !== undefined) count } while (closed) f()',
  'what a default parameter sees': `
    const g = (a, see = () => a) => { var a = 9; if (see() === 1) count }
    while (closed) g(1)`,
  'what is seen through `with`': `
    const next = 0, object = Object.create({ next: 1 })
    let g
    with (object) { g = () => { while (closed) if (next === 1) count } }
    g()`,
  'what comes after a loop with two labels': `
    const g = () => { a: b: for (let i = 0; i < 2; i++) continue a; count }
    while (closed) g()`,
  'what a getter of the global object counts': `
    Object.defineProperty(globalThis, 'racelabTest', { get() { count; return 1 }, configurable: true })
    while (closed) void racelabTest
    delete globalThis.racelabTest`,
  'what a local variable named undefined hides': `
    const g = () => { let undefined = 1; if (undefined === 1) count }
    while (closed) g()`,
  'what arguments shows of a parameter that changes and changes back': `
    while (Atomics.load(words, 0) === 0) {
      phase = 1
      if (arguments[1] === 1) state.rounds++
      phase = 0
    }`,
  'a variable that a loop over an array assigns': `
    var element = 0
    while (Atomics.load(words, 0) === 0) {
      for (var element of [5]);
      if (element === 5) state.rounds++
      element = 0
    }`,
  'how often a constant refuses a value': `
    const constant = 0
    while (Atomics.load(words, 0) === 0) {
      try { constant = 0 } catch { state.rounds++ }
    }`,
  'a value that a case of a switch changes after it was compared': `
    for (let n = 0; ; n = 0) {
      switch (n) {
        case (n = 1, Atomics.load(words, 0)): state.rounds++; continue
      }
      break
    }`,
  'a variable that eval changes': `
    while (Atomics.load(words, 0) === 0) {
      eval('phase = 1')
      if (phase === 1) state.rounds++
      phase = 0
    }`,
}

for (const [name, body] of Object.entries(sloppy)) {
  // oxlint-disable-next-line no-implied-eval -- only a script can be sloppy
  const code = new Function(
    'words',
    'phase',
    `const state = { rounds: 0 }
    ${body.replaceAll(/\bclosed\b/g, 'Atomics.load(words, 0) === 0').replaceAll(/\bcount\b/g, 'state.rounds++')}
    return state.rounds > 2`,
  )
  disguised[name] = (words) => code(words, 0) as boolean
}

test.each([...Object.entries(waiters), ...Object.entries(disguised)])(
  'a loop that carries %s is not called complete without its later rounds',
  (_, waiter) => {
    const opener = (words: Int32Array): number => Atomics.store(words, 0, 1)
    const result = explore(over({ waiter, opener }, { observe: (words, { waiter: seen }) => seen }), {
      dataRaces: false,
    })
    expect(result.failures).toEqual([])
    expect(result).toMatchObject({ verdict: 'inconclusive', complete: false })
    // The loop is followed for three more rounds, which show both outcomes.
    expect(Object.keys(result.outcomes).toSorted()).toEqual(['false', 'true'])
    expect(result.spins?.[0]?.reason).toBeTypeOf('string')
  },
)

test('a loop whose rounds repeat after the first few carries nothing from then on', () => {
  const turning = (words: Int32Array): number => {
    let [first, second, third] = [0, 1, 2]
    while (closed(words)) [first, second, third] = [second, third, first]
    return first
  }
  const opener = (words: Int32Array): number => Atomics.store(words, 0, 1)
  const result = explore(over({ turning, opener }, { observe: (words, { turning: seen }) => seen }))
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
  expect(Object.keys(result.outcomes).toSorted()).toEqual(['0', '1', '2'])
})

test('a loop that is known from its source is not held while an index of it counts', () => {
  const waiter = (words: Int32Array): number => {
    let conversions = 0
    const counting = { valueOf: () => (++conversions > 8 ? 1 : 0) }
    for (const index of [0, counting as unknown as number]) while (Atomics.load(words, index) === 0);
    return conversions
  }
  const opener = (words: Int32Array): void => {
    Atomics.store(words, 1, 1)
    Atomics.store(words, 0, 1)
    Atomics.store(words, 0, 0)
  }
  const result = explore(over({ waiter, opener }, { observe: (_, { waiter: seen }) => Number(seen) > 8 }))
  expect(Object.keys(result.outcomes)).toContain('true')
  expect(result.failures.map(({ kind }) => kind)).not.toContain('data race')
})

test('a loop that is known from its source is not held with views of another memory', () => {
  /** Waits for the word `at`. Adds `by` to `view`, and accesses `other` once `view` is not 0. */
  const spin = (words: Int32Array, view: Int32Array, by: number, at: number, other: Int32Array): void => {
    while (Atomics.load(words, at) === 0) if (Atomics.add(view, 0, by) !== 0) Atomics.add(other, 0, 0)
  }
  const waiter = (words: Int32Array): boolean => {
    const [own, other] = [new Int32Array([1]), new Int32Array(words.buffer, 16)]
    const second = [words, own]
    // The accesses of the second loop look like those of the first: a load, and one addition of 0.
    for (let at = 0; at < 2; at++) spin(words, second[at]!, at, at + 1, other)
    return own[0]! > 3
  }
  const opener = (words: Int32Array): void => {
    Atomics.store(words, 1, 1)
    Atomics.store(words, 2, 1)
  }
  const memory = (): Int32Array => new Int32Array(new SharedArrayBuffer(32))
  const result = explore(over({ waiter, opener }, { memory, observe: (_, { waiter: seen }) => seen }))
  expect(result.complete && !('true' in result.outcomes)).toBe(false)
})

class Link {
  readonly at: number

  constructor(at: number) {
    this.at = at
  }

  look(words: Int32Array, index: number): number {
    if (this.at > 9) return -1
    Atomics.load(words, index)
    return this.at + 1
  }
}

type Look = (words: Int32Array, index: number) => number

function lookOf(own: number): Look {
  return (words, index) => {
    if (own > 9) return -1
    Atomics.load(words, index)
    return own + 1
  }
}

/** While one of these functions runs, the variable that says which one it is holds 0 again. */
const walks: Record<string, (words: Int32Array) => void> = {
  'the same method of another object': (words) => {
    const links = Array.from({ length: 11 }, (_, at) => new Link(at))
    for (let at = 0; at >= 0;) at = links[at]!.look(words, (at = 0))
  },
  'the same code with another variable': (words) => {
    const looks = Array.from({ length: 11 }, (_, at) => lookOf(at))
    for (let at = 0; at >= 0;) at = looks[at]!(words, (at = 0))
  },
}

test.each(Object.entries(walks))('an actor that comes to the same access in %s is not held', (_, walk) => {
  const walker = (words: Int32Array): string => {
    walk(words)
    return 'at the end'
  }
  const result = explore(over({ walker, other: () => 0 }, { observe: (_words, { walker: end }) => end }))
  expect(result.failures).toEqual([])
  expect(Object.keys(result.outcomes)).toEqual(['at the end'])
})

const pick = (before: number, first: number, second: number): string | undefined => {
  if (first === 0 && second === 1) return `saw ${before}`
  return first === 1 ? 'opened' : undefined
}

/** In the first round the operand that was read first is 0; in all later rounds it is 1. */
const firstRounds: Record<string, (words: Int32Array) => string> = {
  'a variable that the called function assigned once': (words) => {
    let [rounds, isFirst] = [0, true]
    const look = (): number => {
      if (isFirst) [rounds, isFirst] = [1, false]
      return Atomics.load(words, 0)
    }
    for (;;) {
      const found = pick(rounds, look(), Atomics.load(words, 1))
      if (found !== undefined) return found
    }
  },
  'a method that the called function replaced once': (words) => {
    const picks = { pick: (first: number, second: number) => pick(0, first, second), isFirst: true }
    const later = (first: number, second: number): string | undefined => pick(1, first, second)
    const look = (): number => {
      if (picks.isFirst) [picks.pick, picks.isFirst] = [later, false]
      return Atomics.load(words, 0)
    }
    for (;;) {
      const found = picks.pick(look(), Atomics.load(words, 1))
      if (found !== undefined) return found
    }
  },
  'a variable that eval assigned once': (words) => {
    // oxlint-disable-next-line no-implied-eval -- only so its variables are those of a script
    const code = new Function(
      'words',
      'pick',
      `let rounds = 0, isFirst = true
      const look = () => {
        if (isFirst) { isFirst = false; eval('rounds = 1') }
        return Atomics.load(words, 0)
      }
      for (;;) {
        const found = pick(rounds, look(), Atomics.load(words, 1))
        if (found !== undefined) return found
      }`,
    )
    return code(words, pick) as string
  },
}

test.each(Object.entries(firstRounds))('an operand is not taken for what it is later: %s', (_, waiter) => {
  const opener = (words: Int32Array): void => {
    Atomics.store(words, 0, 1)
    Atomics.store(words, 1, 1)
  }
  const result = explore(over({ waiter, opener }, { observe: (_words, { waiter: found }) => found }))
  expect(Object.keys(result.outcomes).toSorted()).toEqual(['opened', 'saw 0', 'saw 1'])
})

test('an actor that read -0 is not held as if it had read 0', () => {
  const memory = (): { readonly zero: Float64Array; readonly words: Int32Array } => {
    const buffer = new SharedArrayBuffer(16)
    return { zero: new Float64Array(buffer, 0, 1), words: new Int32Array(buffer, 8, 1) }
  }
  const result = explore(
    scenario({
      name: 'two zeros',
      memory,
      actors: {
        waiter: ({ zero, words }) => {
          const read = zero[0]
          let rounds = 0
          while (closed(words)) if (Object.is(read, -0) && ++rounds > 2) return 'gave up'
          return 'opened'
        },
        negative: ({ zero }) => {
          zero[0] = -0
        },
      },
      observe: (_, { waiter }) => waiter,
    }),
    { dataRaces: false, allFailures: true },
  )
  // With 0 the waiter spins forever; with -0 it gives up.
  expect(Object.keys(result.outcomes)).toEqual(['gave up'])
  expect(result.failures.map(({ kind }) => kind)).toEqual(['livelock'])
})
