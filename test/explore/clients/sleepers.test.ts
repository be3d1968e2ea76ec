/**
 * Calls that sleep, are woken and time out. Which step is the begin and which the return of such a call is checked against
 * a scenario with actors that stamp them: each takes a number from one clock before the call and after it.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { checkLinearizable } from '../../../src/check/index.ts'
import type { Model, Operation } from '../../../src/check/index.ts'
import { makeClient } from '../../../src/explore/clients/client.ts'
import { explore } from '../../../src/explore/index.ts'
import { boundsOf } from '../../../src/explore/search/options.ts'
import { Pace } from '../../../src/explore/search/pace.ts'
import { search } from '../../../src/explore/search/search.ts'
import { ControlledScenario } from '../../../src/explore/subject/controlled-scenario.ts'
import type { OperationsScenario } from '../../../src/scenario.ts'
import { words } from '../counters.ts'

const RUNS = Number(process.env['SLEEPERS'] ?? 100)
const CLOCK = 2
/** Programs with more schedules than this are skipped. */
const MOST_SCHEDULES = 4000

interface Access {
  readonly do: 'load' | 'store' | 'add' | 'wait' | 'timed wait' | 'notify'
  readonly word: number
}

/** The accesses of a call. */
type Call = readonly Access[]

const access = fc.record<Access>({
  do: fc.constantFrom('load', 'store', 'add', 'wait', 'timed wait', 'notify'),
  word: fc.nat(1),
})
const call = fc.array(access, { minLength: 1, maxLength: 2 })
const threads = fc.array(fc.array(call, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 2 })

function perform(memory: Int32Array, { do: action, word }: Access): unknown {
  switch (action) {
    case 'load':
      return Atomics.load(memory, word)
    case 'store':
      return Atomics.store(memory, word, 1)
    case 'add':
      return Atomics.add(memory, word, 1)
    case 'wait':
      return Atomics.wait(memory, word, 0)
    case 'timed wait':
      return Atomics.wait(memory, word, 0, 5)
    default:
      return Atomics.notify(memory, word, 1)
  }
}

const make = (memory: Int32Array, accesses: Call): string => accesses.map((each) => perform(memory, each)).join()

/**
 * The accesses of a call happen in one step. A sleep takes no time, and may end if a notify has woken an agent before it.
 */
function modelOf(calls: readonly Call[]): Model<readonly number[]> {
  return {
    name: 'each call in one step',
    // The words, and for each how many agents were woken that have not gone on.
    init: () => [0, 0, 0, 0],
    step(state, { f, output }) {
      const after = [...state]
      const outputs = String(output).split(',')
      const fits = calls[Number(f.slice(1))]!.every(({ do: action, word }, at) => {
        const before = after[word]!
        if (action === 'store') after[word] = 1
        if (action === 'add') after[word] = before + 1
        if (action === 'notify') after[2 + word]! += Number(outputs[at])
        if (outputs[at] === 'ok') return (after[2 + word]! -= 1) >= 0
        return (action !== 'load' && action !== 'add') || outputs[at] === String(before)
      })
      return fits ? [after] : []
    },
    equal: (one, other) => one.join() === other.join(),
  }
}

interface Stamped {
  readonly output: string
  readonly called: number
  readonly returned: number
}

/** Returns the outcomes with a history that is not linearizable, and `deadlock` if there is one; undefined if too many. */
function faultsByStamps(program: readonly (readonly Call[])[]): Set<string> | undefined {
  const calls = program.flat()
  const act = (own: readonly Call[]) => (memory: Int32Array) =>
    own.map((accesses): Stamped => {
      const called = Atomics.add(memory, CLOCK, 1)
      return { called, output: make(memory, accesses), returned: Atomics.add(memory, CLOCK, 1) }
    })
  const actors = { alice: act(program[0]!), bob: act(program[1]!) }
  const options = { allFailures: true, dataRaces: false, maxSchedules: MOST_SCHEDULES }
  const { complete, outcomes, failures } = explore({ name: 'stamps', memory: words(), actors }, options)
  if (!complete) return undefined
  const faults = new Set(failures.map(({ kind }) => kind as string))
  for (const key of Object.keys(outcomes)) {
    const results = JSON.parse(key) as Record<'alice' | 'bob', Stamped[]>
    const histories = program.map((own, thread) => {
      const process = thread === 0 ? ('alice' as const) : ('bob' as const)
      return own.map((accesses, at): Operation => {
        const f = `f${calls.indexOf(accesses)}`
        const { called, returned, output } = results[process][at]!
        return { process, f, output, called, returned }
      })
    })
    if (checkLinearizable(histories.flat(), modelOf(calls)).verdict === 'linearizable') continue
    const texts = histories.map((own) => {
      const outputs = own.map(({ f, output }) => `${f}() = ${JSON.stringify(output)}`)
      return `${own[0]!.process}: ${outputs.join(', ')}`
    })
    faults.add(texts.join('; '))
  }
  return faults
}

/** Returns the same of the client. */
function faultsOfClient(program: readonly (readonly Call[])[], strategy: 'dpor' | 'dfs'): Set<string> {
  const calls = program.flat()
  const operations = calls.map((accesses, at): [string, (memory: Int32Array) => string] => [
    `f${at}`,
    (memory) => make(memory, accesses),
  ])
  const scenario: OperationsScenario<Int32Array> = {
    name: 'client',
    memory: words(),
    operations: Object.fromEntries(operations),
    model: modelOf(calls),
  }
  const indexes = program.map((own) => own.map((accesses) => calls.indexOf(accesses)))
  const client = makeClient(scenario, indexes, 'linearizable')
  const bounds = boundsOf({ strategy })
  return ControlledScenario.use(client, { ...bounds, dataRaces: false }, (controlled) => {
    const { found, complete } = search(controlled, bounds, true, new Pace(0, Infinity, undefined))
    expect(complete).toBe(true)
    return new Set([...found.values()].map(({ fault }) => fault.outcome ?? fault.kind))
  })
}

/** Bob stores between two loads of one call of alice. */
const torn: readonly (readonly Call[])[] = [
  [
    [
      { do: 'load', word: 0 },
      { do: 'load', word: 0 },
    ],
  ],
  [[{ do: 'store', word: 0 }]],
]

test(
  'a call that sleeps begins and returns when a stamp before it and after it says so',
  () => {
    let compared = 0
    let faulty = 0
    const property = fc.property(threads, (program) => {
      const wanted = faultsByStamps(program)
      if (wanted === undefined) return
      expect(faultsOfClient(program, 'dpor')).toEqual(wanted)
      expect(faultsOfClient(program, 'dfs')).toEqual(wanted)
      compared++
      if ([...wanted].some((fault) => fault.startsWith('alice'))) faulty++
    })
    fc.assert(property, { numRuns: RUNS, examples: [[torn]] })
    expect(compared).toBeGreaterThan(RUNS / 2)
    expect(faulty).toBeGreaterThan(0)
  },
  120_000 + RUNS * 500,
)
