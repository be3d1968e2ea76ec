import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { over } from '../counters.ts'
import { closed } from './waiters.ts'
import * as module from './waiters.ts'

/** Each waits for word 0 in a loop that carries nothing, and returns 1. */
type Waiter = (words: Int32Array) => number

const isOpen = (value: number): boolean => value === 1
const read = (words: Int32Array): number => Atomics.load(words, 0)

const gateOver = (words: Int32Array): { isOpen(): boolean } => ({ isOpen: () => Atomics.load(words, 0) === 1 })

class Gate {
  readonly words: Int32Array

  constructor(words: Int32Array) {
    this.words = words
  }

  isOpen(value: number): boolean {
    return value === 1
  }

  read(): number {
    return Atomics.load(this.words, 0)
  }

  waitHere(): number {
    while (!this.isOpen(Atomics.load(this.words, 0)));
    return 1
  }

  waitForRead(): number {
    let value: number
    do value = this.read()
    while (!this.isOpen(value))
    return value
  }

  waitForEqual(): number {
    const open = 1
    while (open !== this.read());
    return open
  }
}

const waiters: Record<string, Waiter> = {
  'tests what a function reads with another function': (words) => {
    while (!isOpen(read(words)));
    return 1
  },
  'calls a function of another file': (words) => {
    while (closed(words));
    return 1
  },
  'calls a function of a module': (words) => {
    while (module.closed(words));
    return 1
  },
  'calls the function that a getter returns from a try block': (words) => {
    const isClosed = closed
    const gate = {
      get isClosed() {
        try {
          return isClosed
        } catch {
          return read
        }
      },
    }
    while (gate.isClosed(words));
    return 1
  },
  'tests an access with a method': (words) => new Gate(words).waitHere(),
  'tests a value that a method reads with a method': (words) => new Gate(words).waitForRead(),
  'compares a constant with what a method reads': (words) => new Gate(words).waitForEqual(),
  'compares a variable with what a function reads': (words) => {
    let open = 0
    open = 1
    while (open !== read(words));
    return open
  },
  'computes with what a function reads': (words) => {
    while (Math.max(0, read(words)) !== 1);
    return 1
  },
  'reads in an argument of another access': (words) => {
    while (Atomics.compareExchange(words, 1, Atomics.load(words, 0) - 1, 0) !== 0 || Atomics.load(words, 0) === 0);
    return 1
  },
  'goes through the elements of an array': (words) => {
    const slots = [0, 1]
    for (;;) for (const slot of slots) if (Atomics.load(words, slot) === 1) return slot + 1
  },
  'goes through the elements of an array in place': (words) => {
    for (;;) for (const slot of [0, 1]) if (Atomics.load(words, slot) === 1) return slot + 1
  },
  'calls a function for each element of an array': (words) => {
    const slots = [0, 1]
    const isSet = (slot: number): boolean => Atomics.load(words, slot) === 1
    for (;;) for (const slot of slots) if (isSet(slot)) return slot + 1
  },
  'calls a function of an object that a function has made': (words) => {
    const gate = gateOver(words)
    while (!gate.isOpen());
    return 1
  },
  'goes through the words': (words) => {
    for (;;) for (let slot = 0; slot < 2; slot++) if (Atomics.load(words, slot) === 1) return slot + 1
  },
  'destructures a new array': (words) => {
    for (;;) {
      const [first, second] = [Atomics.load(words, 0), Atomics.load(words, 1)]
      if (first !== second) return 1
    }
  },
  'leaves its answer to a function that is called in the loop': (words) => {
    let value = 0
    const look = (): void => void (value = Atomics.load(words, 0))
    do look()
    // oxlint-disable-next-line no-unmodified-loop-condition -- `look` modifies it
    while (value === 0)
    return value
  },
}

test.each(Object.entries(waiters))('a loop that %s is called complete', (_, waiter) => {
  const opener = (words: Int32Array): number => Atomics.store(words, 0, 1)
  const result = explore(over({ waiter, opener }, { observe: (words, { waiter: seen }) => seen }))
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
  expect(Object.keys(result.outcomes)).toEqual(['1'])
})
