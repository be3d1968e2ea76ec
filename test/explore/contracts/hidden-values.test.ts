/**
 * Locks that count their rounds in the parts of an expression that have been evaluated already. No variable holds the number while another
 * part makes an access. A proof that takes two such states for one would call the lock proved.
 */
import { expect, test } from 'vitest'

import { look, proofOf, ThirdRound } from './third-try.ts'

type Next = (take: () => number, words: Int32Array) => number

/** The access is in a conversion. */
const slow = (words: Int32Array, text = ''): { toString(): string } => ({
  toString: () => text.repeat(look(words) + 1),
})
const rangeOf = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)
const constant = (n: number) => (): number => n
const classOf = (n: number): new () => { n: number } =>
  class {
    n = n
  }
const pick = (_: TemplateStringsArray, ...all: unknown[]): number => all[0] as number

class Pair {
  readonly n: number

  constructor(n: number, _m: number) {
    this.n = n
  }
}

class Box {
  #n = 0

  get content(): number {
    return this.#n
  }

  set(n: number): void {
    this.#n = n
  }
}

const EXPRESSIONS: Record<string, Next> = {
  'the object of a member': (take, words) => [take()][look(words)]!,
  'the object of a chain': (take, words) => [take()]?.[look(words)] ?? 0,
  'the object of a called member': (take, words) => [constant(take())][look(words)]!(),
  'the object of an update': (take, words) => [take()][look(words)]!++,
  'the object of a member, while its key is converted': (take, words) =>
    [take()][slow(words, '0') as unknown as number]!,
  'the left side of an operator': (take, words) => take() + look(words),
  'the left side of an operator, while its right side is converted': (take, words) =>
    take() - (slow(words, '0') as unknown as number),
  'the left side of an assignment': (take, words) => {
    let n = take()
    n += ((n = 0), look(words))
    return n
  },
  'an argument': (take, words) => Math.max(take(), look(words)),
  'spread arguments': (take, words) => Math.max(...rangeOf(take()), look(words)),
  'arguments of new': (take, words) => new Pair(take(), look(words)).n,
  'the elements of an array': (take, words) => [take(), look(words)][0]!,
  'the properties of an object': (take, words) => ({ n: take(), m: look(words) }).n,
  'the keys of an object': (take, words) => Number(Object.keys({ [take()]: 0, [`x${look(words)}`]: 0 })[0]),
  'a template': (take, words) => Number(`${take()}${'0'.repeat(look(words))}`),
  'a template, while a part is converted': (take, words) => Number(`${take()}${slow(words) as unknown as string}`),
  'a tagged template': (take, words) => pick`${take()}${look(words)}`,
  'the value of a pattern, in a default': (take, words) => {
    const { m = look(words), n } = { n: take() } as { m?: number; n: number }
    return m + n
  },
  'the value of a pattern, in a key': (take, words) => {
    const { [`x${look(words)}`]: _, ...rest } = { x0: 0, n: take() } as Record<string, number>
    return rest['n']!
  },
  'the iterator of a pattern': (take, words) => {
    const [m = look(words), n] = [undefined, take()] as [number | undefined, number]
    return m + n
  },
  'a parameter that has no value yet': (take, words) =>
    ((m: number | undefined = look(words), { n }: { n: number }) => m + n)(undefined, { n: take() }),
  'the keys of a class': (take, words) => {
    const Class = class {
      static [`n${take()}`](): void {}
      static [`m${look(words)}`](): void {}
      readonly own = 0
    }
    const key = Object.getOwnPropertyNames(Class).find((name) => /^n\d/.test(name))!
    return Number(key.slice(1))
  },
  'the superclass of a class': (take, words) => {
    const Class = class extends classOf(take()) {
      [`m${look(words)}`](): void {}
    }
    return new Class().n
  },
  'what a switch compares': (take, words) => {
    switch (take()) {
      case 1 + look(words):
        return 1
      case 2:
        return 2
      default:
        return 3
    }
  },
  'the iterator of a loop': (take, words) => {
    let last = 0
    for (const n of [0, take()]) {
      last = n
      if (n === 0) look(words)
    }
    return last
  },
  'the keys of a loop': (take, words) => {
    let last = ''
    for (const key in { first: 0, [`n${take()}`]: 0 }) {
      last = key
      if (key === 'first') look(words)
    }
    return Number(last.slice(1))
  },
  'what finally returns': (take, words) => {
    try {
      return take()
    } finally {
      look(words)
    }
  },
  'what finally throws': (take, words) => {
    try {
      try {
        throw take()
      } finally {
        look(words)
      }
    } catch (error) {
      return error as number
    }
  },
  'the value that a setter gets': (take, words) => {
    const object = {
      set n(n: number) {
        n = 0
        look(words)
      },
    }
    return (object.n = take())
  },
  'a value before a getter': (take, words) => {
    const object = {
      get n() {
        return look(words)
      },
    }
    return take() + object.n
  },
  'a value before a delete': (take, words) => {
    const object = new Proxy<{ n?: number }>({ n: 0 }, { deleteProperty: () => look(words) === 0 })
    return take() * Number(delete object.n)
  },
  'an array that is mapped': (take, words) => [0, take()].map((n) => (n === 0 ? look(words) : n))[1]!,
  'a generator': (take, words) => {
    const [, n] = (function* () {
      yield* [look(words), take()]
    })()
    return n!
  },
  this: (take, words) =>
    function (this: number) {
      look(words)
      return this
    }.call(take()),
  arguments: (take, words) =>
    (function (..._all: number[]) {
      look(words)
      return arguments[0] as number
    })(take()),
  'a member that has an accessor': (take, words) => {
    const box = new Box()
    box.set(take())
    return box.content + (box.set(0), look(words))
  },
  'a member that a pattern assigns': (take, words) => {
    const object = { kept: take() }
    const forget = (): void => void ([object.kept] = [0])
    return object.kept + (forget(), look(words))
  },
  'a member that is deleted': (take, words) => {
    const object: { gone?: number } = { gone: take() }
    const forget = (): number => Number(delete object.gone) && 0
    return (object.gone ?? 0) + (forget(), look(words))
  },
  'a member that a constructor of another class assigns': (take, words) => {
    const object = { other: take() }
    class Forget {
      n = 0
      constructor(of: { other: number }) {
        of.other = 0
      }
    }
    return object.other + (new Forget(object).n, look(words))
  },
  'a converted object': (take, words) => {
    const list = [take()]
    return Number(`${list as unknown as string}${(list.pop(), '0'.repeat(look(words)))}`)
  },
  'a negated object': (take, words) => {
    const list = [take()]
    return Math.abs(-(list as unknown as number) + (list.pop(), look(words)))
  },
}

test.each(Object.entries(EXPRESSIONS))('a lock is not proved that counts its rounds in %s', (_, next) => {
  expect(proofOf(ThirdRound, (words) => new ThirdRound(words, next)).kind).not.toBe('proved')
})

const PLAIN: Record<string, Next> = {
  'a statement': (take, words) => {
    const n = Math.min(take(), 2)
    if (look(words) === 0) return n
    return 0
  },
  'a call before any other operand': (take, words) => {
    const n = Math.min(take(), 2)
    return look(words) === 0 && look(words) + 1 > 0 ? n : look(words) || n
  },
  'a case of a switch': (take, words) => {
    const n = Math.min(take(), 2)
    switch (n) {
      case 1:
        return look(words) + n
      default:
        look(words)
        return n
    }
  },
  'a try with a finally': (take, words) => {
    const n = Math.min(take(), 2)
    try {
      look(words)
    } finally {
      void n
    }
    return n
  },
  'a member of a constant': (take, words) => {
    const ZEROS = [0]
    const n = Math.min(take(), 2)
    return n + ZEROS[look(words)]!
  },
}

test.each(Object.entries(PLAIN))('a lock is proved that waits in %s', (_, next) => {
  expect(proofOf(ThirdRound, (words) => new ThirdRound(words, next))).toMatchObject({ kind: 'proved' })
})
