import { expect, test } from 'vitest'

import { exploreForTest } from '../../../src/explore/failed-report.ts'
import type { Scenario } from '../../../src/scenario.ts'
import { lock, over, splitIncrement, unlock } from '../counters.ts'

/** The report without what differs from run to run, and from folder to folder. */
function reportOn(scenario: Scenario): string {
  return exploreForTest(scenario)
    .report()
    .replaceAll(/, [\d.]+ ms\)/g, ', … ms)')
    .replaceAll(/rl1\.[\w-]+/g, 'rl1.…')
    .replaceAll(/\S*\/?test\/(\S+?):\d+:\d+/g, '$1')
    .replaceAll(/(\.ts|…):\d+$/gm, '$1:…')
}

test('a lost update: library calls are folded, and the preemption that matters is marked', () => {
  const scenario = over(
    { alice: splitIncrement, bob: splitIncrement },
    {
      observe: (words) => Atomics.load(words, 0),
      outcomes: { 2: 'acceptable', 1: ['forbidden', 'an increment was lost'] },
      names: (words) => ({ count: [words, 0], lock: [words, 1] }),
    },
  )
  expect(reportOn(scenario)).toMatchInlineSnapshot(`
    "test: fails
    5 schedules, not complete: a schedule failed (dpor, … ms)

    outcome  schedules   share  grade
    ──────────────────────────────────────
    2                4  80.0 %  acceptable
    1                1  20.0 %  forbidden

    outcome 1: an increment was lost
    12 steps, 1 preemption: the fewest

    alice knew count = 0 (step 2), bob made it 1 (step 8), alice wrote 1 over it (step 11)

         alice                  bob                               source
    ────────────────────────────────────────────────────────────────────────────
      1  lock 0 → 1 · lock()                                      counters.ts:…
      2  count = 0                                                counters.ts:…
      3  lock 1 → 0 · unlock()                                    counters.ts:…
         ◄ preempted here
      4                         lock 0 → 1 · lock()               counters.ts:…
                                ◄ from here every schedule fails
      5                         count = 0                         counters.ts:…
      6                         lock 1 → 0 · unlock()             counters.ts:…
      7                         lock 0 → 1 · lock()               counters.ts:…
      8                         count 0 → 1                       counters.ts:…
      9                         lock 1 → 0 · unlock()             counters.ts:…
                                switch
     10  lock 0 → 1 · lock()                                      counters.ts:…
     11  count 1 → 1                                              counters.ts:…
     12  lock 1 → 0 · unlock()                                    counters.ts:…

    From step 4 on, every schedule fails. Before it, 4 of 37 continuations hold.

    token: rl1.…
    replay: replay(scenario, 'rl1.…')"
  `)
})

test('a deadlock: who sleeps, on what, where, and who left it so', () => {
  const both = (first: number, second: number) => (words: Int32Array) => {
    lock(words, first)
    lock(words, second)
    unlock(words, second)
    unlock(words, first)
  }
  const scenario = over(
    { alice: both(0, 1), bob: both(1, 0) },
    { names: (words) => ({ left: [words, 0], right: [words, 1] }) },
  )
  expect(reportOn(scenario)).toMatchInlineSnapshot(`
    "test: fails
    17 schedules, not complete: a schedule failed (dpor, … ms)

    outcome  schedules    share  grade
    ───────────────────────────────────────
    {}              16  100.0 %  acceptable

    deadlock: alice and bob sleep forever
    8 steps, 1 preemption: the fewest

         alice                bob                               source
    ─────────────────────────────────────────────────────────────────────────────────────────
      1  left 0 → 1 · lock()                                    counters.ts:…
         ◄ preempted here
      2                       right 0 → 1 · lock()              counters.ts:…
                              ◄ from here every schedule fails
      3                       lock()                            exploration-report.test.ts:…
      4                         left 1 → 2                      counters.ts:…
      5                         left = 2, sleeps                counters.ts:…
                              switch
      6  lock()                                                 exploration-report.test.ts:…
      7    right 1 → 2                                          counters.ts:…
      8    right = 2, sleeps                                    counters.ts:…

    From step 2 on, every schedule fails. Before it, 16 of 17 continuations hold.

      alice sleeps on right = 2
          at lock explore/counters.ts
          at explore/report/exploration-report.test.ts
        last changed by bob in step 2 (0 → 1) at lock explore/counters.ts
      bob sleeps on left = 2
          at lock explore/counters.ts
          at explore/report/exploration-report.test.ts
        last changed by alice in step 1 (0 → 1) at lock explore/counters.ts

    token: rl1.…
    replay: replay(scenario, 'rl1.…')"
  `)
})

test('a livelock: who spins, and on what', () => {
  const scenario = over({
    knocking: (words) => {
      while (Atomics.load(words, 0) === 0);
    },
    deaf: (words) => Atomics.store(words, 1, 1),
  })
  expect(reportOn(scenario)).toMatchInlineSnapshot(`
    "test: fails
    complete: 1 schedule (dpor, … ms)

    livelock: knocking spins forever
    2 steps, 0 preemptions: the fewest

         knocking    deaf          source
    ─────────────────────────────────────────────────────────────
      1  word 0 = 0                exploration-report.test.ts:…
         switch
      2              word 1 0 → 1  exploration-report.test.ts:…

    Every schedule fails, in one way or another.

      knocking spins on word 0 = 0
          at knocking explore/report/exploration-report.test.ts
        no actor has changed word 0

    token: rl1.…
    replay: replay(scenario, 'rl1.…')"
  `)
})

test('a data race: both accesses, their sizes and places', () => {
  const scenario = over({
    alice: (words) => {
      words[3] = 1
    },
    bob: (words) => new Int16Array(words.buffer)[7],
  })
  expect(reportOn(scenario)).toMatchInlineSnapshot(`
    "test: fails
    complete: 2 schedules (dpor, … ms)

    outcome    schedules    share  grade
    ─────────────────────────────────────────
    {"bob":0}          2  100.0 %  acceptable

    data-race: alice's write of word 3 and bob's read of word 3 byte 2 are unordered, and not both
    atomic
    2 steps, 0 preemptions: the fewest

         alice         bob                source
    ────────────────────────────────────────────────────────────────────
      1  word 3 0 → 1                     exploration-report.test.ts:…
         switch
      2                word 3 byte 2 = 0  exploration-report.test.ts:…

    Every schedule fails, in one way or another.

    WARNING: data race
      Read of size 2 at word 3 byte 2 by bob, step 2:
        #0 bob explore/report/exploration-report.test.ts

      Previous write of size 4 at word 3 by alice, step 1:
        #0 alice explore/report/exploration-report.test.ts

      JavaScript guarantees sequential consistency only to programs without data races: on real threads
      there may be outcomes that no interleaving has.

    token: rl1.…
    replay: replay(scenario, 'rl1.…')"
  `)
})
