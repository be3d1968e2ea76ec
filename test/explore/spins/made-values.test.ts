/**
 * Loops through values that the loop makes or only reads: results as objects, copies, views, entries, and methods of the
 * language. Each kind stands here twice: with a loop that carries nothing, and with one that counts.
 */
import { expect, test } from 'vitest'

import { closed, Counter, expectNoLostRounds, exploreWaiter, Mode, script } from './waiters.ts'

const tryOnce = (words: Int32Array): { readonly ok: boolean; readonly value: number } => {
  const value = Atomics.load(words, 0)
  return { ok: value !== 0, value }
}

type Waiter = (words: Int32Array) => boolean

const still: Record<string, Waiter> = {
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
  'the identity of a view, which only a function knows': (words) => {
    const counter = new Counter()
    const hide = (first: Int32Array): { view: Int32Array; isFirst: (view: Int32Array) => boolean } => ({
      view: first,
      isFirst: (view) => view === first,
    })
    let { view, isFirst } = hide(new Int32Array(words.buffer))
    for (;;) {
      if (Atomics.load(view, 0) === 1) return counter.rounds > 3
      if (!isFirst(view)) counter.bump()
      view = new Int32Array(words.buffer)
    }
  },
  'a copy of what has changed since': (words) => {
    const hidden = new Mode()
    const state = { x: 0 }
    const look = (): boolean => {
      state.x = 1
      return closed(words)
    }
    for (;;) {
      const copy = { ...state, isClosed: look() }
      if (!copy.isClosed) return hidden.rounds > 3
      if (copy.x === 0) hidden.begin()
      hidden.tick()
    }
  },
  'a getter that is copied': (words) => {
    const counter = new Counter()
    const state = {
      get rounds(): number {
        counter.bump()
        return 0
      },
    }
    for (;;) {
      void { ...state }
      if (!closed(words)) return counter.rounds > 3
    }
  },
  'a proxy that is copied': (words) => {
    const counter = new Counter()
    const state = new Proxy(
      {},
      {
        ownKeys: () => {
          counter.bump()
          return []
        },
      },
    )
    for (;;) {
      void { ...state }
      if (!closed(words)) return counter.rounds > 3
    }
  },
  'the type of a new object in an array': (words) => {
    const counter = new Counter()
    for (;;) {
      if ([typeof {}].includes('object')) counter.bump()
      if (!closed(words)) return counter.rounds > 3
    }
  },
  'a method that a new object inherits': (words) => {
    const counter = new Counter()
    const waiter = script(
      'for (;;) { if (({ a: 1 }).hasOwnProperty) count(); if (!(closed)) return rounds() }',
      'count',
      'rounds',
    )
    const count = (): void => counter.bump()
    return waiter(words, count, () => counter.rounds > 3) as boolean
  },
}

test('a loop that gives a function a name counts what all descriptors inherit', () => {
  let counter = new Counter()
  // Only the descriptors of the loop count: the explorer makes others.
  const enumerable = {
    get(this: { readonly value?: unknown }): boolean {
      if (Object.hasOwn(this, 'value') && this.value === 'named in the loop') counter.bump()
      return false
    },
    configurable: true,
  }
  // oxlint-disable-next-line no-extend-native -- it is what is tested
  Object.defineProperty(Object.prototype, 'enumerable', enumerable)
  try {
    const waiter: Waiter = (words) => {
      counter = new Counter()
      for (;;) {
        Object.defineProperty(() => 1, 'name', { value: 'named in the loop' })
        if (!closed(words)) return counter.rounds > 3
      }
    }
    expect(exploreWaiter(waiter).complete).toBe(false)
  } finally {
    Reflect.deleteProperty(Object.prototype, 'enumerable')
  }
})

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
  (_, waiter) => expectNoLostRounds(waiter),
)
