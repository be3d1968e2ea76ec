import { describe, expect, test } from 'vitest'

import { explore, replay } from '../../src/explore/index.ts'
import type { Exploration } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'
import { over, words } from './counters.ts'

type Actors = Record<string, (words: Int32Array) => unknown>

/** Explores all schedules of a few actors; the outcome is what alice returned. */
function all(actors: Actors, rest: Partial<Scenario<Int32Array>> = {}): Exploration {
  return explore(over(actors, { observe: (_, { alice }) => alice, ...rest }), { allFailures: true })
}

const seen = (result: Exploration): string[] => Object.keys(result.outcomes).toSorted()

const kinds = (result: Exploration): string[] => result.failures.map(({ kind }) => kind).toSorted()

const holding = (index: number, value: number) => (): Int32Array => {
  const memory = words()()
  memory[index] = value
  return memory
}

/** Expects that the exploration is complete, that no schedule fails, and that these are the outcomes. */
function expectAll(result: Exploration, outcomes: readonly string[]): void {
  expect(seen(result)).toEqual(outcomes)
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
}

describe('equal accesses before a loop are not its rounds', () => {
  const recheck = (looks: number) => (memory: Int32Array) => {
    let zeros = 0
    for (const look of Array.from({ length: looks }, () => () => Atomics.load(memory, 0))) if (look() === 0) zeros++
    while (Atomics.load(memory, 0) === 0);
    return zeros
  }

  test('a second read, and then a wait for the same word', () => {
    const alice = (memory: Int32Array): string => {
      let slow = false
      if (Atomics.load(memory, 0) === 0) {
        if (Atomics.load(memory, 0) === 0) slow = true
        while (Atomics.load(memory, 0) === 0);
      }
      return slow ? 'slow' : 'fast'
    }
    const bob = (memory: Int32Array): number => Atomics.store(memory, 0, 1)
    // The store comes before the first load, between the two, or after both.
    expectAll(all({ alice, bob }), ['fast', 'slow'])
    expect(all({ alice, bob }, { outcomes: { fast: 'acceptable' } })).toMatchObject({
      verdict: 'fail',
      failures: [{ kind: 'outcome', outcome: 'slow' }],
    })
  })

  test('any of several reads can be the first to see the store', () => {
    const bob = (memory: Int32Array): number => Atomics.store(memory, 0, 1)
    // The result is the number of reads before the store. The reads come from a loop that carries its iterator, so the
    // test only asks that no outcome is missing.
    for (const looks of [1, 2, 3]) {
      expect(seen(all({ alice: recheck(looks), bob }))).toEqual(
        Array.from({ length: looks + 1 }, (_, zeros) => String(zeros)),
      )
    }
  })

  test('two reads from one position in a helper', () => {
    const look = (memory: Int32Array): number => Atomics.load(memory, 0)
    const alice = (memory: Int32Array): number[] => {
      const pair = [look(memory), look(memory)]
      while (look(memory) === 0);
      return pair
    }
    const bob = (memory: Int32Array): number => Atomics.store(memory, 0, 1)
    expectAll(all({ alice, bob }), ['[0,0]', '[0,1]', '[1,1]'])
  })

  test('two compare-and-swaps that fail, and then a loop of them', () => {
    const alice = (memory: Int32Array): number => {
      if (Atomics.compareExchange(memory, 0, 0, 2) === 0) return 0
      if (Atomics.compareExchange(memory, 0, 0, 2) === 0) return 1
      while (Atomics.compareExchange(memory, 0, 0, 2) !== 0);
      return 2
    }
    const bob = (memory: Int32Array): number => Atomics.store(memory, 0, 0)
    // Bob frees the word before the first, the second, or a later attempt.
    expectAll(all({ alice, bob }, { memory: holding(0, 1) }), ['0', '1', '2'])
  })

  test('two exchanges that change nothing, and then a loop of them', () => {
    const alice = (memory: Int32Array): number => {
      if (Atomics.exchange(memory, 0, 1) === 0) return 0
      if (Atomics.exchange(memory, 0, 1) === 0) return 1
      while (Atomics.exchange(memory, 0, 1) !== 0);
      return 2
    }
    const bob = (memory: Int32Array): number => Atomics.store(memory, 0, 0)
    expectAll(all({ alice, bob }, { memory: holding(0, 1) }), ['0', '1', '2'])
  })

  test('two reads of one word before a wait for another', () => {
    const alice = (memory: Int32Array): void => {
      Atomics.load(memory, 0)
      Atomics.load(memory, 0)
      while (Atomics.load(memory, 1) === 0);
    }
    const bob = (memory: Int32Array): number => Atomics.store(memory, 1, 1)
    const result = all({ alice, bob })
    // The store comes before the loop's first read, or after one that is then held.
    expect(result).toMatchObject({ verdict: 'pass', complete: true, schedules: 2 })
  })

  test('data that is published too late is read too early', () => {
    const alice = (memory: Int32Array): string => {
      const before = Atomics.load(memory, 0)
      if (Atomics.load(memory, 0) !== before) return 'changed'
      while (Atomics.load(memory, 1) === 0);
      return `data ${Atomics.load(memory, 0)}`
    }
    const early = (memory: Int32Array): void => {
      Atomics.store(memory, 1, 1)
      Atomics.store(memory, 0, 7)
    }
    const late = (memory: Int32Array): void => {
      Atomics.store(memory, 0, 7)
      Atomics.store(memory, 1, 1)
    }
    // Early: alice sees `ready` between the two stores. Late: once she sees `ready` the data is there, whatever she
    // read before.
    expectAll(all({ alice, bob: early }), ['changed', 'data 0', 'data 7'])
    expectAll(all({ alice, bob: late }), ['changed', 'data 7'])
  })
})

describe('a round is all that the loop reads', () => {
  const alice = (memory: Int32Array): string => {
    while (Atomics.load(memory, 0) === 0) {
      if (Atomics.load(memory, 1) === 1) return 'one'
      if (Atomics.load(memory, 1) === 2) return 'two'
    }
    return 'zero'
  }

  test('the second read of a word in a round does not begin another round', () => {
    const bob = (memory: Int32Array): number => Atomics.store(memory, 0, 1)
    expectAll(all({ alice, bob }), ['zero'])
  })

  test('either read can be the one that sees the change', () => {
    const bob = (memory: Int32Array): void => {
      Atomics.store(memory, 1, 1)
      Atomics.store(memory, 1, 2)
      Atomics.store(memory, 0, 1)
    }
    // One: the first read comes between the first two stores. Two: a read comes after both. Zero: no read comes between
    // them.
    expectAll(all({ alice, bob }), ['one', 'two', 'zero'])
  })

  test('an actor goes on when the word changes that it reads in the middle of a round', () => {
    const bob = (memory: Int32Array): number => Atomics.store(memory, 1, 2)
    expectAll(all({ alice, bob }), ['two'])
  })

  test('if neither word changes it is a livelock', () => {
    const bob = (memory: Int32Array): number => Atomics.store(memory, 1, 3)
    const result = all({ alice, bob })
    expect(result).toMatchObject({ verdict: 'fail', complete: true, outcomes: {} })
    expect(kinds(result)).toEqual(['livelock'])
  })

  test('a change of one word lets a round reach the read behind a branch', () => {
    const careful = (memory: Int32Array): string => {
      for (;;) {
        if (Atomics.load(memory, 0) === 0) continue
        if (Atomics.load(memory, 1) === 1) return 'done'
      }
    }
    const bob = (memory: Int32Array): void => {
      Atomics.store(memory, 0, 1)
      Atomics.store(memory, 1, 1)
    }
    expectAll(all({ alice: careful, bob }), ['done'])
  })

  test('a loop can see a change that is undone before its next round', () => {
    const bob = (memory: Int32Array): void => {
      Atomics.store(memory, 0, 1)
      Atomics.store(memory, 0, 0)
    }
    const waiting = (memory: Int32Array): string => {
      while (Atomics.load(memory, 0) === 0);
      return 'seen'
    }
    const result = all({ alice: waiting, bob })
    expect(seen(result)).toEqual(['seen'])
    expect(kinds(result)).toEqual(['livelock'])
    expect(result.complete).toBe(true)
  })
})

describe('what a loop carries is part of its state', () => {
  /** A spin lock that reads a stop flag only from a certain round on. */
  const impatient = (from: number) => (memory: Int32Array) => {
    for (let round = 0; ; round++) {
      if (Atomics.load(memory, 0) === 0) return 'got it'
      if (round >= from && Atomics.load(memory, 1) === 1) return 'stopped'
    }
  }
  const stopThenFree = (memory: Int32Array): void => {
    Atomics.store(memory, 1, 1)
    Atomics.store(memory, 0, 0)
  }
  const locked = holding(0, 1)

  test('a read of a flag from the fourth round on is explored', () => {
    const result = all(
      { alice: impatient(3), bob: stopThenFree },
      { memory: locked, outcomes: { 'got it': 'acceptable' } },
    )
    expect(seen(result)).toEqual(['got it', 'stopped'])
    expect(result.verdict).toBe('fail')
  })

  test('an exploration that follows too few rounds is not complete', () => {
    const result = all(
      { alice: impatient(20), bob: stopThenFree },
      { memory: locked, outcomes: { 'got it': 'acceptable' } },
    )
    expect(result.complete).toBe(false)
    expect(result.verdict).not.toBe('pass')
  })

  test('freeing the lock first leaves the flag unseen', () => {
    const freeThenStop = (memory: Int32Array): void => {
      Atomics.store(memory, 0, 0)
      Atomics.store(memory, 1, 1)
    }
    // A round reads the lock and then the flag. When alice reads the flag, the lock is free only if the same round saw
    // it taken before. So the order is: alice reads the lock as taken, bob makes both stores, alice reads the flag.
    const result = all({ alice: impatient(0), bob: freeThenStop }, { memory: locked })
    expect(seen(result)).toEqual(['got it', 'stopped'])
  })

  test('a later round that relies on an older read is explored', () => {
    const retrying = (trusting: boolean) => (memory: Int32Array) => {
      for (let round = 0; ; round++) {
        const data = Atomics.load(memory, 0)
        if (Atomics.load(memory, 1) === 0) continue
        if (round === 0 || !trusting) return Atomics.load(memory, 0)
        return data
      }
    }
    const bob = (memory: Int32Array): void => {
      Atomics.store(memory, 0, 1)
      Atomics.store(memory, 1, 1)
    }
    // Trusting: alice reads the data as 0, then bob makes both stores, then she reads `ready`. In any round but the
    // first she returns the 0.
    expect(seen(all({ alice: retrying(true), bob }))).toEqual(['0', '1'])
    // A read after `ready` always returns the new value.
    expect(seen(all({ alice: retrying(false), bob }))).toEqual(['1'])
  })

  test('a flag that a round sets is seen by the next', () => {
    const alice = (memory: Int32Array): string => {
      let met = false
      for (;;) {
        const now = Atomics.load(memory, 0)
        if (now === 1) met = true
        if (now === 2) return met ? 'met' : 'missed'
      }
    }
    const bob = (memory: Int32Array): void => {
      Atomics.store(memory, 0, 1)
      Atomics.store(memory, 0, 2)
    }
    expect(seen(all({ alice, bob }))).toEqual(['met', 'missed'])
  })

  test('an old value that a round keeps is compared by the next', () => {
    const alice = (memory: Int32Array): number[] => {
      const read: number[] = []
      let old = Atomics.load(memory, 0)
      read.push(old)
      while (old !== 2) {
        const now = Atomics.load(memory, 0)
        if (now !== old) read.push(now)
        old = now
      }
      return read
    }
    const bob = (memory: Int32Array): void => {
      Atomics.store(memory, 0, 1)
      Atomics.store(memory, 0, 2)
    }
    expect(seen(all({ alice, bob }))).toEqual(['[0,1,2]', '[0,2]', '[1,2]', '[2]'])
  })

  test('a value that a round leaves behind shows whether the loop went through a round', () => {
    const alice = (memory: Int32Array): number => {
      let last = 5
      while (Atomics.load(memory, 0) === 0) last = Atomics.load(memory, 1)
      return last
    }
    const bob = (memory: Int32Array): number => Atomics.store(memory, 0, 1)
    // The loop goes through no round, or through at least one.
    expect(seen(all({ alice, bob }))).toEqual(['0', '5'])
  })
})

describe('loops that end by themselves', () => {
  test('an actor goes from a bounded loop that has ended into the next loop', () => {
    const alice = (memory: Int32Array): string => {
      for (let tries = 0; tries < 3; tries++) if (Atomics.load(memory, 0) === 1) return 'early'
      while (Atomics.load(memory, 1) === 0);
      return 'late'
    }
    const bob = (memory: Int32Array): number => Atomics.store(memory, 0, 1)
    // If all three reads come before the store, alice waits for a word that no actor sets.
    const result = all({ alice, bob })
    expect(seen(result)).toEqual(['early'])
    expect(kinds(result)).toEqual(['livelock'])
  })

  test('a bounded loop is explored with each number of rounds', () => {
    const alice = (memory: Int32Array): number => {
      let tries = 0
      for (; tries < 3; tries++) if (Atomics.load(memory, 0) === 1) break
      return tries
    }
    const bob = (memory: Int32Array): number => Atomics.store(memory, 0, 1)
    expectAll(all({ alice, bob }), ['0', '1', '2', '3'])
  })

  test('a spin in a counted loop is a new loop each time', () => {
    const alice = (memory: Int32Array): number => {
      let sum = 0
      for (let turn = 1; turn <= 2; turn++) {
        while (Atomics.load(memory, 0) < turn);
        sum = sum * 10 + Atomics.load(memory, 1)
      }
      return sum
    }
    const bob = (memory: Int32Array): void => {
      Atomics.store(memory, 0, 1)
      Atomics.store(memory, 1, 1)
      Atomics.store(memory, 0, 2)
    }
    // After the first iteration word 1 may be set or not; after the second it is.
    expectAll(all({ alice, bob }), ['1', '11'])
  })

  test('a failure after 6,000 rounds has a token that replays', () => {
    const scenario = over(
      {
        alice: (memory) => {
          for (let round = 0; round < 6000; round++) if (Atomics.load(memory, 0) === 1) return 'found'
          return 'gave up'
        },
        bob: (memory) => Atomics.store(memory, 1, 1),
      },
      { observe: (_, { alice }) => alice, outcomes: { found: 'acceptable' } },
    )
    const { verdict, failures } = explore(scenario)
    expect(verdict).toBe('fail')
    expect(failures).toMatchObject([{ kind: 'outcome', outcome: 'gave up' }])
    expect(replay(scenario, failures[0]?.token ?? '')).toMatchObject({
      kind: 'replayed',
      recording: { judgement: { outcome: { key: 'gave up' } } },
    })
  })
})

test('a word that was changed and changed back is read again before the actor is held', () => {
  // A random program that failed once. The watcher sees word 1 as 0 and then word 0 as 1, while word 1 goes from 0 to 1
  // or 3 and back to 0. An explorer that held the watcher because word 1 is 0 again never made the read with which it
  // leaves with 1 while word 1 was not 0.
  const locker = (memory: Int32Array): number => {
    memory[1] = 0
    while (Atomics.compareExchange(memory, 1, 0, 1) !== 0);
    const seen = Atomics.load(memory, 0)
    Atomics.store(memory, 0, seen + 1)
    Atomics.store(memory, 1, 3)
    Atomics.notify(memory, 1, 2)
    return seen
  }
  const writer = (memory: Int32Array): void => {
    Atomics.store(memory, 1, 0)
    Atomics.store(memory, 0, 1)
    Atomics.compareExchange(memory, 1, 1, 0)
    Atomics.notify(memory, 0, 1)
  }
  const watcher = (memory: Int32Array): number[] => {
    let [old, noted] = [Atomics.load(memory, 1), 0]
    for (;;) {
      const now = Atomics.load(memory, 1)
      if (now !== old) return [old, noted]
      noted = Atomics.load(memory, 0)
      old = now
    }
  }
  const scenario = over(
    { locker, writer, watcher },
    {
      memory: holding(1, 2),
      observe: (memory, results) => [memory[0], memory[1], results['locker'], results['watcher']],
    },
  )
  const result = explore(scenario, { allFailures: true, dataRaces: false })
  expect(result.complete).toBe(true)
  expect(seen(result)).toContain('[1,0,0,[0,1]]')
})

test('an exploration learns once that the order of sleepers matters: it starts over and ends', () => {
  const poll = (memory: Int32Array): void => {
    while (Atomics.load(memory, 0) === 0) Atomics.wait(memory, 0, 0, 10)
  }
  const waker = (memory: Int32Array): void => {
    // The notify wakes the first of two sleepers.
    Atomics.notify(memory, 0, 1)
    Atomics.store(memory, 0, 1)
  }
  const result = explore(over({ alice: poll, bob: poll, waker }), { maxSchedules: 200 })
  expect(result.error).toBeUndefined()
  expect(result.schedules).toBeGreaterThan(0)
})

describe('a loop that settles in its first round', () => {
  test('goes through new states in its second round, between any two of its accesses', () => {
    const alice = (memory: Int32Array): string => {
      let before = 'none'
      for (;;) {
        const first = Atomics.load(memory, 0)
        if (Atomics.load(memory, 0) !== 0) return `${first}, before it ${before}`
        before = String(first)
      }
    }
    const bob = (memory: Int32Array): number => Atomics.store(memory, 0, 1)
    // The store comes before any round, between the two loads of the first round, before a later round, or between the
    // two loads of a later round.
    expectAll(all({ alice, bob }), ['0, before it 0', '0, before it none', '1, before it 0', '1, before it none'])
  })
})

describe('a call that is deeper than a short stack', () => {
  /** Forty functions, each of which calls the next. */
  const chain = Array.from({ length: 40 }).reduce<(words: Int32Array) => number>(
    (inner) => (words) => inner(words),
    (words) => Atomics.load(words, 0),
  )

  test('is another position if it was made elsewhere: straight code is no loop', () => {
    const spinner = (words: Int32Array): void => {
      while (chain(words) === 0);
    }
    const alice = (words: Int32Array): number => {
      let zeros = 0
      if (chain(words) === 0) zeros++
      if (chain(words) === 0) zeros++
      return zeros
    }
    const bob = (words: Int32Array): number => Atomics.store(words, 0, 1)
    // The store comes before both reads, between them, or after them.
    expectAll(all({ spinner, alice, bob }), ['0', '1', '2'])
  })

  test('is the same position in each round of a loop', () => {
    const alice = (words: Int32Array): string => {
      while (chain(words) === 0);
      return 'done'
    }
    const bob = (words: Int32Array): number => Atomics.store(words, 0, 1)
    expectAll(all({ alice, bob }), ['done'])
  })
})
