/** Clients that several threads explore: what is taken, and in which order, is the same as on one thread. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { ClientsAhead } from '../../../src/explore/clients-ahead.ts'
import type { ClientAhead } from '../../../src/explore/clients-ahead.ts'
import { NO_HELPERS } from '../../../src/explore/search/parts/helpers.ts'
import type { ClientTask, Helpers, Reported } from '../../../src/explore/search/parts/helpers.ts'
import type { PartBounds, PartTask } from '../../../src/explore/search/parts/search-part.ts'
import type { Searched } from '../../../src/explore/search/searched.ts'
import { emptyTally } from '../../../src/explore/search/tally.ts'
import { boundsOf } from '../../../src/explore/search/options.ts'

/** What comes of the client with this number: its number of schedules says which it is. */
function result(number: number, fails: boolean): Searched {
  const fault = { kind: 'outcome', message: '', outcome: '', identity: `${number}` } as const
  const smallest = fails ? [{ fault, trace: [] }] : []
  return {
    tally: { ...emptyTally(), schedules: number, complete: true },
    smallest,
    note: undefined,
    covered: [],
    inside: [],
  }
}

/** Threads without any thread: they report when `random` says so, in any order, and on some clients never. */
class Simulated implements Helpers {
  areReady = false
  readonly areFree = true
  search = 0
  /** The clients that were reported on. */
  readonly reported = new Set<number>()
  readonly #most: number
  readonly #random: () => number
  readonly #fails: (number: number) => boolean
  /** The clients that only the main thread can explore: they must not be given again. */
  readonly #again = new Set<number>()
  #tasks: number[] = []

  constructor(most: number, random: () => number, fails: (number: number) => boolean) {
    this.#most = most
    this.#random = random
    this.#fails = fails
  }

  begin(): void {
    this.areReady = true
    this.search++
    this.#tasks = []
  }

  give(task: PartTask | ClientTask): boolean {
    if (this.#tasks.length >= this.#most) return false
    expect(task).toEqual({ number: task.number, client: `client ${task.number}` })
    expect(this.#again.has(task.number)).toBe(false)
    this.#tasks.push(task.number)
    return true
  }

  reports(): Reported[] {
    const reports: Reported[] = []
    while (this.#tasks.length > 0 && this.#random() < 0.4) {
      const [number] = this.#tasks.splice(Math.floor(this.#random() * this.#tasks.length), 1) as [number]
      const fate = this.#random()
      if (fate < 0.1) continue
      this.reported.add(number)
      const { smallest: _, ...whole } = result(number, false)
      const failing = this.#fails(number) ? [0] : undefined
      const isAgain = fate < 0.2
      if (isAgain || failing !== undefined) this.#again.add(number)
      reports.push([number, isAgain ? 'again' : { whole, failing }])
    }
    return reports
  }

  wait(): void {}

  halt(): Reported[] {
    return []
  }

  end(): void {}
}

const partBounds = {
  bounds: boundsOf({}),
  allFailures: false,
  scope: { isActive: false, excluded: [] },
  most: Infinity,
}

test('each client is taken once and in turn, until one fails, whatever the threads do', () => {
  let reported = 0
  const numbers = fc.infiniteStream(fc.integer({ min: 0, max: 999 }).map((number) => number / 1000))
  const failing = fc.option(fc.integer({ min: 0, max: 120 }), { nil: Infinity })
  const property = fc.property(
    fc.integer({ min: 0, max: 100 }),
    fc.integer({ min: 0, max: 4 }),
    failing,
    numbers,
    (count, most, first, random) => {
      // Clients after the first one that fails may fail as well.
      const fails = (number: number): boolean => number === first || (number > first && number % 3 === 0)
      const explored: number[] = []
      function* clients(): Generator<ClientAhead> {
        for (let number = 0; number < count; number++)
          yield {
            text: `client ${number}`,
            calls: {},
            explore: () => (explored.push(number), result(number, fails(number))),
            fail: () => result(number, true),
          }
      }
      const helpers = new Simulated(most, () => random.next().value, fails)
      const ahead = new ClientsAhead([helpers, partBounds], clients(), () => false, 0)
      let number = 0
      for (; ahead.has(number); number++) {
        const { tally, smallest } = ahead.take(number)!
        expect(tally.schedules).toBe(number)
        expect(smallest.length > 0).toBe(fails(number))
        if (smallest.length > 0) break
        expect(helpers.reported.has(number) || explored.includes(number)).toBe(true)
      }
      expect(number).toBe(Math.min(first, count))
      expect(new Set(explored).size).toBe(explored.length)
      reported += helpers.reported.size
    },
  )
  fc.assert(property, { numRuns: 300 })
  expect(reported).toBeGreaterThan(1000)
})

test('what a client throws is thrown in its turn', () => {
  const [first, third] = [new Error('the first'), new Error('the third')]
  const thrown = new Map([
    [1, first],
    [3, third],
  ])
  function* clients(): Generator<ClientAhead> {
    for (let number = 0; number < 5; number++) {
      const explore = (): Searched => {
        const error = thrown.get(number)
        if (error !== undefined) throw error
        return result(number, false)
      }
      yield { text: `client ${number}`, calls: {}, explore, fail: explore }
    }
  }
  // Client 1 is given, and never reported on: this thread comes to those after it first.
  const helpers = new Simulated(
    1,
    () => 1,
    () => false,
  )
  const ahead = new ClientsAhead([helpers, partBounds], clients(), () => false, 0)
  expect(ahead.has(0) && ahead.take(0)?.tally.schedules).toBe(0)
  expect(() => ahead.has(1) && ahead.take(1)).toThrow(first)
})

/** Clients, of which some fail where they are explored whole, and some after they were found to fail. */
function* clientsThat(failWhole: readonly number[] = []): Generator<ClientAhead> {
  for (let number = 0; number < 4; number++)
    yield {
      text: `client ${number}`,
      calls: {},
      explore: () => result(number, failWhole.includes(number)),
      fail: (schedule) => ({ ...result(number, true), note: schedule.join() }),
    }
}

test('an exploration that has to stop takes no further client', () => {
  let isOver = false
  const ahead = new ClientsAhead([NO_HELPERS, partBounds], clientsThat(), () => isOver)
  expect(ahead.has(0) && ahead.take(0)?.tally.schedules).toBe(0)
  isOver = true
  expect(ahead.has(1)).toBe(true)
  expect(ahead.take(1)).toBeUndefined()
  expect(ahead.stop()).toEqual({ tallies: [], failing: undefined })
})

/** A thread that reports once, when the exploration stops. */
function reportingAtLast(...reports: readonly Reported[]): Helpers {
  let search = 0
  return {
    ...NO_HELPERS,
    areReady: true,
    get search() {
      return search
    },
    begin: () => void search++,
    give: () => true,
    halt: () => reports,
  }
}

test('what was found out of further clients is not lost when the exploration has to stop', () => {
  const { smallest: _, ...whole } = result(7, false)
  const helpers = reportingAtLast([1, { whole, failing: undefined }], [2, { whole, failing: [1, 0] }], [3, 'again'])
  let isOver = false
  const ahead = new ClientsAhead([helpers, partBounds], clientsThat(), () => isOver, 0)
  expect(ahead.has(0) && ahead.take(0)?.tally.schedules).toBe(0)
  isOver = true
  expect(ahead.has(1) && ahead.take(1)).toBeUndefined()
  const { tallies, failing } = ahead.stop()
  expect(tallies.map(({ schedules }) => schedules)).toEqual([7, 7])
  expect([failing?.number, failing?.searched.note]).toEqual([2, '1,0'])
})

test('a client that has failed here, before its turn, is not lost either', () => {
  // The thread never reports on client 1, so this one goes on with client 2.
  const helpers = { ...reportingAtLast(), give: ({ number }: { readonly number: number }) => number === 1 }
  let isOver = false
  const clients = clientsThat([2])
  const ahead = new ClientsAhead(
    [{ ...helpers, wait: () => (isOver = true) as never }, partBounds],
    clients,
    () => isOver,
    0,
  )
  expect(ahead.has(0) && ahead.take(0)?.tally.schedules).toBe(0)
  expect(ahead.has(1) && ahead.take(1)).toBeUndefined()
  expect(ahead.stop().failing).toMatchObject({ number: 2, searched: { tally: { schedules: 2 } } })
})

test('threads help with a client when they have no other to explore', () => {
  const reports: Reported[] = []
  const begun: (string | undefined)[] = []
  const helpers = {
    ...reportingAtLast(),
    search: 0,
    begin({ client }: PartBounds) {
      begun.push(client)
      this.search++
    },
    reports: () => reports.splice(0),
  }
  const free: boolean[] = []
  function* clients(): Generator<ClientAhead> {
    const explore = (lent: Helpers): Searched => {
      free.push(lent.areFree)
      const { smallest: _, ...whole } = result(1, false)
      reports.push([1, { whole, failing: undefined }])
      free.push(lent.areFree)
      lent.begin(partBounds)
      return result(0, false)
    }
    yield { text: 'client 0', calls: {}, explore, fail: () => result(0, true) }
    yield { text: 'client 1', calls: {}, explore, fail: () => result(1, true) }
  }
  const ahead = new ClientsAhead([helpers, partBounds], clients(), () => false, 0)
  expect(ahead.has(0) && ahead.take(0)?.tally.schedules).toBe(0)
  expect(ahead.has(1) && ahead.take(1)?.tally.schedules).toBe(1)
  expect(free).toEqual([false, true])
  // For the clients, for parts of the first one, and for the clients again.
  expect(begun).toEqual([undefined, 'client 0', undefined])
})

/** Threads that take `most` clients, and report what is `due`. `given`: the numbers of all clients that they took. */
function scripted(most: number) {
  const given: number[] = []
  const due: Reported[] = []
  const helpers = {
    ...NO_HELPERS,
    areReady: true,
    search: 0,
    begin: () => void helpers.search++,
    give: ({ number }: PartTask | ClientTask) => given.length < most && given.push(number) > 0,
    reports: () => due.splice(0),
  }
  return { helpers, given, due }
}

function aheadOf(helpers: Helpers, count: number, explore: (number: number) => Searched, isOver = () => false) {
  const clients = Array.from({ length: count }, (_, number): ClientAhead => {
    return { text: `client ${number}`, calls: {}, explore: () => explore(number), fail: () => result(number, true) }
  })
  return new ClientsAhead([helpers, partBounds], clients.values(), isOver, 0)
}

test('while others explore the first client, none is explored after one that fails', () => {
  const explored: number[] = []
  const { helpers, given } = scripted(1)
  const ahead = aheadOf(helpers, 5, (number) => (explored.push(number), result(number, number === 2)))
  ahead.take(0)
  // The thread never reports on it.
  ahead.take(1)
  expect({ given, explored }).toEqual({ given: [1], explored: [0, 2, 1] })
})

test('what threads had is given to them again after this thread has begun another search with them', () => {
  const explored: number[] = []
  const { helpers, given } = scripted(Infinity)
  const ahead = aheadOf(helpers, 3, (number) => {
    explored.push(number)
    if (number === 0) helpers.begin()
    return result(number, false)
  })
  ahead.take(0)
  ahead.take(1)
  expect({ given, explored }).toEqual({ given: [1, 2], explored: [0, 1] })
})

test('what came of a later client when the exploration had to stop does not count: it may be a part', () => {
  let isOver = false
  const { helpers, due } = scripted(1)
  const explore = (number: number): Searched => {
    if (number === 2) {
      isOver = true
      const { smallest: _, ...whole } = result(1, false)
      due.push([1, { whole, failing: undefined }])
    }
    return result(number, false)
  }
  const ahead = aheadOf(helpers, 3, explore, () => isOver)
  expect([0, 1, 2].map((number) => ahead.take(number)?.tally.schedules)).toEqual([0, 1, undefined])
})

test('a client on which the only busy thread does not report is searched together with it', () => {
  const { helpers, given } = scripted(1)
  const free: boolean[] = []
  const clients = [0, 1].map((number): ClientAhead => {
    const explore = (lent: Helpers): Searched => (free.push(lent.areFree), result(number, false))
    return { text: `client ${number}`, calls: {}, explore, fail: () => result(number, true) }
  })
  const ahead = new ClientsAhead([helpers, partBounds], clients.values(), () => false, 0)
  ahead.take(0)
  ahead.take(1)
  expect({ given, free }).toEqual({ given: [1], free: [false, true] })
})
