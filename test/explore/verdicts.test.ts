import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { lock, over, unlock } from './counters.ts'

test('a wake-up between the look and the sleep is lost', () => {
  const result = explore(
    over({
      sleeper: (words) => {
        // The bug: the condition is not checked again after the wait.
        if (Atomics.load(words, 0) === 0) Atomics.wait(words, 1, 0)
      },
      waker: (words) => {
        Atomics.store(words, 0, 1)
        Atomics.notify(words, 1)
      },
    }),
  )
  expect(result).toMatchObject({
    verdict: 'fail',
    failures: [{ kind: 'deadlock', message: 'sleeper sleeps forever' }],
  })
})

test('waiting on the word that is set loses no wake-up', () => {
  const result = explore(
    over({
      sleeper: (words) => Atomics.wait(words, 0, 0),
      waker: (words) => {
        Atomics.store(words, 0, 1)
        Atomics.notify(words, 0)
      },
    }),
  )
  // The actor slept and was woken, or did not sleep.
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
  expect(Object.keys(result.outcomes).toSorted()).toEqual(['{"sleeper":"not-equal"}', '{"sleeper":"ok"}'])
})

test('two locks in opposite orders deadlock', () => {
  const both = (first: number, second: number) => (words: Int32Array) => {
    lock(words, first)
    lock(words, second)
    unlock(words, second)
    unlock(words, first)
  }
  const result = explore(over({ alice: both(0, 1), bob: both(1, 0) }))
  expect(result.failures).toMatchObject([{ kind: 'deadlock', message: 'alice and bob sleep forever', preemptions: 1 }])
  expect(explore(over({ alice: both(0, 1), bob: both(0, 1) }))).toMatchObject({ verdict: 'pass', complete: true })
})

test('an unlock split into a load and a store loses a wake-up', () => {
  const split = (words: Int32Array): void => {
    lock(words, 1)
    const contended = Atomics.load(words, 1) === 2
    Atomics.store(words, 1, 0)
    if (contended) Atomics.notify(words, 1, 1)
  }
  expect(explore(over({ alice: split, bob: split }))).toMatchObject({ failures: [{ kind: 'deadlock' }] })
})

test('a stack of indices suffers from ABA', () => {
  // Word 0 is the top of a free list, words 1 and 2 hold the next of nodes 1 and 2.
  const pop = (words: Int32Array): number => {
    for (;;) {
      const top = Atomics.load(words, 0)
      if (top === 0) return 0
      const next = Atomics.load(words, top)
      if (Atomics.compareExchange(words, 0, top, next) === top) return top
    }
  }
  const push = (words: Int32Array, node: number): void => {
    for (;;) {
      const top = Atomics.load(words, 0)
      Atomics.store(words, node, top)
      if (Atomics.compareExchange(words, 0, top, node) === top) return
    }
  }
  const result = explore(
    over(
      {
        alice: pop,
        bob: (words) => {
          const [one, two] = [pop(words), pop(words)]
          if (one !== 0) push(words, one)
          return two
        },
      },
      {
        memory: () => {
          const words = new Int32Array(new SharedArrayBuffer(16))
          words.set([1, 2, 0])
          return words
        },
        // Bob keeps node 2, so no other actor may reach it.
        invariant: (words, { bob }) => Atomics.load(words, 0) !== bob || bob === 0,
      },
    ),
  )
  expect(result.failures).toMatchObject([{ kind: 'invariant' }])
})

test('Peterson’s lock is explored to the end, and excludes', () => {
  const enter = (me: 0 | 1) => (words: Int32Array) => {
    Atomics.store(words, me, 1)
    Atomics.store(words, 2, 1 - me)
    while (Atomics.load(words, 1 - me) === 1 && Atomics.load(words, 2) === 1 - me);
    words[3] = (words[3] ?? 0) + 1
    Atomics.store(words, me, 0)
  }
  const scenario = over(
    { alice: enter(0), bob: enter(1) },
    { observe: (words) => words[3], outcomes: { 2: 'acceptable' } },
  )
  for (const strategy of ['dpor', 'dfs'] as const) {
    expect(explore(scenario, { strategy })).toMatchObject({ verdict: 'pass', complete: true })
  }
})

test('Peterson’s lock without the turn is a livelock', () => {
  const enter = (me: 0 | 1) => (words: Int32Array) => {
    Atomics.store(words, me, 1)
    while (Atomics.load(words, 1 - me) === 1);
    Atomics.store(words, me, 0)
  }
  expect(explore(over({ alice: enter(0), bob: enter(1) }))).toMatchObject({
    verdict: 'fail',
    failures: [{ kind: 'livelock', message: 'alice and bob spin forever' }],
  })
})

test('a handshake without an answer is a livelock; a bounded spin is not', () => {
  const knock = (words: Int32Array): void => {
    while (Atomics.load(words, 0) === 0);
  }
  const patient = (words: Int32Array): boolean => {
    for (let tries = 0; tries < 50; tries++) if (Atomics.load(words, 0) === 1) return true
    return false
  }
  const other = (words: Int32Array): number => Atomics.store(words, 1, 1)
  expect(explore(over({ knock, other }))).toMatchObject({
    failures: [{ kind: 'livelock', message: 'knock spins forever' }],
  })
  expect(explore(over({ patient, other }))).toMatchObject({ verdict: 'pass', complete: true })
})

test('a spin longer than is looked ahead is no livelock', () => {
  const stubborn = (words: Int32Array): boolean => {
    for (let tries = 0; tries < 1500; tries++) if (Atomics.load(words, 0) === 1) return true
    return false
  }
  expect(explore(over({ stubborn }))).toMatchObject({
    verdict: 'pass',
    complete: true,
    outcomes: { '{"stubborn":false}': { count: 1 } },
  })
})

test('a timed wait ends by itself, and that is one more choice', () => {
  const result = explore(
    over({
      sleeper: (words) => Atomics.wait(words, 0, 0, 10),
      waker: (words) => Atomics.notify(words, 0),
    }),
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
  expect(Object.keys(result.outcomes).toSorted()).toEqual([
    '{"sleeper":"ok","waker":1}',
    '{"sleeper":"timed-out","waker":0}',
  ])
})

test('retrying a timed wait that no notify ends is a livelock', () => {
  const sleeper = (words: Int32Array): void => {
    while (Atomics.load(words, 0) === 0) Atomics.wait(words, 0, 0, 10)
  }
  expect(explore(over({ sleeper }))).toMatchObject({ failures: [{ kind: 'livelock' }] })
})

test('sleepers are woken first come, first served', () => {
  const scenario = over({
    first: (words) => {
      const how = Atomics.wait(words, 0, 0)
      return [how, Atomics.add(words, 1, 1)]
    },
    waker: (words) => [Atomics.notify(words, 0, 1), Atomics.notify(words, 0, 1)],
  })
  const result = explore(scenario, { allFailures: true })
  expect(result.failures).toMatchObject([{ kind: 'deadlock' }])
  expect(Object.keys(result.outcomes).toSorted()).toEqual([
    '{"first":["ok",0],"waker":[0,1]}',
    '{"first":["ok",0],"waker":[1,0]}',
  ])
})

test('what an actor throws is a failure with a schedule', () => {
  const result = explore(
    over({
      alice: (words) => {
        if (Atomics.load(words, 0) === 1) throw new RangeError('too far')
      },
      bob: (words) => Atomics.store(words, 0, 1),
    }),
  )
  expect(result.failures).toMatchObject([{ kind: 'exception', message: 'alice threw RangeError: too far', steps: 2 }])
})

test('plain accesses that nothing orders are a data race, also of different sizes', () => {
  const mixed = over({
    alice: (words) => Atomics.store(words, 0, 1),
    bob: (words) => Atomics.load(new Int16Array(words.buffer), 1),
  })
  expect(explore(mixed)).toMatchObject({ failures: [{ kind: 'data-race' }] })
  const plain = over({
    alice: (words) => {
      words[0] = 1
    },
    bob: (words) => Atomics.load(words, 0),
  })
  expect(explore(plain)).toMatchObject({ failures: [{ kind: 'data-race' }] })
  expect(explore(plain, { dataRaces: false })).toMatchObject({ verdict: 'pass', complete: true })
  const neighbours = over({
    alice: (words) => {
      new Int8Array(words.buffer)[0] = 1
    },
    bob: (words) => new Int8Array(words.buffer)[1],
  })
  expect(explore(neighbours)).toMatchObject({ verdict: 'pass', complete: true })
})

test('a lock, a flag and a wake-up order plain accesses', () => {
  const under = (words: Int32Array): void => {
    lock(words, 1)
    words[0] = (words[0] ?? 0) + 1
    unlock(words, 1)
  }
  expect(explore(over({ alice: under, bob: under }))).toMatchObject({ verdict: 'pass', complete: true })
  const handed = over({
    alice: (words) => {
      words[0] = 7
      Atomics.store(words, 1, 1)
    },
    bob: (words) => (Atomics.load(words, 1) === 1 ? words[0] : 7),
  })
  expect(explore(handed)).toMatchObject({ verdict: 'pass', outcomes: { '{"bob":7}': { count: 2 } } })
})

test('with all failures each kind and outcome is listed once, and the counts are of the whole space', () => {
  const step = (words: Int32Array): number => Atomics.store(words, 0, Atomics.load(words, 0) + 1)
  const result = explore(
    over({ alice: step, bob: step, carol: step }, { observe: (words) => words[0], outcomes: { 3: 'acceptable' } }),
    { allFailures: true, strategy: 'dfs' },
  )
  expect(result.complete).toBe(true)
  expect(result.failures.map(({ kind, outcome }) => `${kind} ${outcome}`).toSorted()).toEqual([
    'outcome 1',
    'outcome 2',
  ])
  // 6! / (2! 2! 2!)
  expect(result.schedules).toBe(90)
})

test('the failure shown has the fewest preemptions, then the fewest steps', () => {
  const busy = (words: Int32Array): void => {
    for (let round = 0; round < 3; round++) {
      lock(words, 1)
      const seen = Atomics.load(words, 0)
      unlock(words, 1)
      Atomics.store(words, 0, seen + 1)
    }
  }
  const scenario = over({ alice: busy, bob: busy }, { observe: (words) => words[0], outcomes: { 6: 'acceptable' } })
  for (const strategy of ['dpor', 'random', 'pos'] as const) {
    const [failure] = explore(scenario, { strategy }).failures
    const { preemptions = 0, outcome } = failure ?? {}
    expect(preemptions).toBeGreaterThan(0)
    // Brute force with one preemption fewer does not find that outcome.
    const fewer = explore(scenario, { preemptions: preemptions - 1, allFailures: true })
    expect(fewer.outcomes).not.toHaveProperty(String(outcome))
    const as = explore(scenario, { preemptions, allFailures: true })
    expect(as.outcomes).toHaveProperty(String(outcome))
  }
})
