/** Functions that are made several times: the actor comes to the same access in another of them. */
import { runInThisContext, Script } from 'node:vm'
import { expect, test } from 'vitest'

import { exploreWaiter, expectOutcomes, opener, script } from './waiters.ts'

type Look = (words: Int32Array, index: number) => number

const LENGTH = 11

const list = <Item>(make: (own: number) => Item): Item[] => Array.from({ length: LENGTH }, (_, own) => make(own))

class WithArrow {
  readonly own: number

  constructor(own: number) {
    this.own = own
  }

  readonly look: Look = (words, index) => {
    Atomics.load(words, index)
    return this.own + 1
  }
}

class WithObject {
  readonly own: number

  constructor(own: number) {
    this.own = own
  }

  readonly inner = {
    look: (words: Int32Array, index: number): number => {
      Atomics.load(words, index)
      return this.own + 1
    },
  }
}

class WithGetter {
  readonly own: number

  constructor(own: number) {
    this.own = own
  }

  get look(): Look {
    return (words, index) => {
      if (this.own > 9) return -1
      Atomics.load(words, index)
      return this.own + 1
    }
  }
}

const look = '(words, index) => { if (own > 9) return -1; Atomics.load(words, index); return own + 1 }'

/** Each walks through a list of functions of one source. */
const walks: Record<string, (words: Int32Array) => string> = {
  'the arrow function in a field of a class': (words) => {
    const links = list((own) => new WithArrow(own))
    for (let at = 0; at < 10;) at = links[at]!.look(words, (at = 0))
    return 'at the end'
  },
  'the function of an object in a field of a class': (words) => {
    const links = list((own) => new WithObject(own))
    for (let at = 0; at < 10;) at = links[at]!.inner.look(words, (at = 0))
    return 'at the end'
  },
  'the function that a getter of a class returns': (words) => {
    const links = list((own) => new WithGetter(own))
    for (let at = 0; at >= 0;) at = links[at]!.look(words, (at = 0))
    return 'at the end'
  },
  'the function that a getter of an object returns': (words) => {
    const links = list((own) => ({
      get look(): Look {
        return (words, index) => {
          if (own > 9) return -1
          Atomics.load(words, index)
          return own + 1
        }
      },
    }))
    for (let at = 0; at >= 0;) at = links[at]!.look(words, (at = 0))
    return 'at the end'
  },
  'the function that earlier calls of the present function made': (words) => {
    const looks: Look[] = []
    function add(own: number): void {
      looks.push((words, index) => {
        if (own > 9) return -1
        Atomics.load(words, index)
        return own + 1
      })
      if (own < 10) return
      for (let at = 0; at >= 0;) at = looks[at]!(words, (at = 0))
    }
    for (let own = 0; own < LENGTH; own++) add(own)
    return 'at the end'
  },
  'the function that the caller of forEach of the words made': (words) => {
    const looks: Look[] = []
    function add(own: number): void {
      looks.push((words, index) => {
        Atomics.load(words, index)
        return own === 0 ? 1 : -1
      })
      if (own === 0) return words.subarray(0, 1).forEach(() => add(1))
      for (let at = 0; at >= 0;) at = looks[at]!(words, (at = 0))
    }
    add(0)
    return 'at the end'
  },
  'the function that a function which calls itself made': (words) => {
    const looks = runInThisContext(
      `(function add(own, looks) { looks.push(${look}); return own < 10 ? add(own + 1, looks) : looks })(0, [])`,
    ) as Look[]
    for (let at = 0; at >= 0;) at = looks[at]!(words, (at = 0))
    return 'at the end'
  },
  'the function that calls of a script made': (words) => {
    // oxlint-disable-next-line no-implied-eval -- it is what is tested
    const lookOf = new Function('own', `return ${look}`) as (own: number) => Look
    const looks = list(lookOf)
    for (let at = 0; at >= 0;) at = looks[at]!(words, (at = 0))
    return 'at the end'
  },
  'the function that calls of a script of node:vm made': (words) => {
    const looks = list(runInThisContext(`(own) => ${look}`) as (own: number) => Look)
    for (let at = 0; at >= 0;) at = looks[at]!(words, (at = 0))
    return 'at the end'
  },
  'the function that runs of one script made': (words) => {
    let made = 0
    Reflect.set(globalThis, 'racelabOwn', () => made++)
    const made11 = new Script(`(() => { const own = racelabOwn(); return ${look} })()`)
    const looks = list(() => made11.runInThisContext() as Look)
    for (let at = 0; at >= 0;) at = looks[at]!(words, (at = 0))
    return 'at the end'
  },
}

test.each(Object.entries(walks))('an actor that comes to the same access in %s is not held', (_, waiter) => {
  const result = exploreWaiter(waiter, () => 0)
  expect(result.failures).toEqual([])
  expect(Object.keys(result.outcomes)).toEqual(['at the end'])
})

test('a method of an array that its own callback replaces is called by the language in the first round only', () => {
  const waiter = (words: Int32Array): string => {
    const names = Object.assign(['a', 'b', 'c'], {
      look: Array.prototype.find as (callback: () => number) => string | number,
    })
    const callback = (): number => {
      names.look = callback
      return Atomics.load(words, 0)
    }
    for (;;) {
      const found = names.look(callback)
      if (found) return String(found)
    }
  }
  // `find` returns the element at which the callback found word 0 open. The callback itself returns 1.
  expectOutcomes(waiter, opener, ['a', 'b', 'c', 1])
})

test('a replaced method ends a loop that compares its result', () => {
  const waiter = (words: Int32Array): string => {
    const numbers = Object.assign([1, 2, 3], { look: Array.prototype.map as (callback: () => number) => unknown })
    const callback = (): number => {
      numbers.look = callback
      return Atomics.load(words, 0)
    }
    while (numbers.look(callback) === 0);
    return 'at the end'
  }
  const result = exploreWaiter(waiter, () => 0)
  expect(result.failures).toEqual([])
  expect(Object.keys(result.outcomes)).toEqual(['at the end'])
})

test('an exception may come back to a loop in a conversion', () => {
  const waiter = script(`
    class Made { constructor() {} }
    let rounds = 0
    const index = { valueOf() { while (closed) Made(); return 0 } }
    for (;;) {
      try { Atomics.load(words, index); return rounds > 2 } catch (error) { if (!(error instanceof TypeError)) throw error; rounds++ }
    }`)
  expectOutcomes((words) => waiter(words), opener, [false, true])
})
