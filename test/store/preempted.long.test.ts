/**
 * One agent is stopped before each of its accesses in turn, while another agent does whole operations, or is stopped in its turn
 * by a third. See preempt.ts.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Database, Row } from '../../src/store/database/database.ts'
import { changeMetadata } from '../../src/store/operations/change-metadata.ts'
import { census } from '../../src/store/operations/census.ts'
import { createSession } from '../../src/store/operations/create-session.ts'
import { deleteSession } from '../../src/store/operations/delete-session.ts'
import { incrementAccess } from '../../src/store/operations/increment-access.ts'
import { refreshFromDatabase } from '../../src/store/operations/refresh-from-database.ts'
import { runCleanup } from '../../src/store/operations/run-cleanup.ts'
import { SessionStore } from '../../src/store/store.ts'
import { updateSession } from '../../src/store/operations/update-session.ts'
import { atEveryAccess, preempt } from './preempt.ts'
import { EXISTS, fill, fresh, idsOfOneHome, resultOf } from './stores.ts'

const CAPACITY = 5
// All three have the same home, so that their sessions collide.
const [X, Y, Z] = idsOfOneHome(3, CAPACITY) as [string, string, string]
const ROW: Row = {
  version: 10,
  data: {
    userId: 'from the row',
    username: 'n',
    accessCount: 100,
    isAuthenticated: false,
    lastActivity: 5,
    metadata: new Map([['r', 'w']]),
  },
}
const database: Database = { fetch: () => ROW, store: () => {}, delete: () => {}, close: () => {} }

/** All operations on X, and those on Y and Z that move X to another slot. */
const operations = {
  createX: (store, agent) => createSession(store, undefined, agent, 'n', { id: X }),
  createXOfMuchText: (store, agent) =>
    createSession(store, undefined, agent, 'name', { id: X, metadata: new Map([['long', 'v'.repeat(20)]]) }),
  createY: (store, agent) => createSession(store, undefined, agent, 'n', { id: Y }),
  createZ: (store, agent) => createSession(store, undefined, agent, 'n', { id: Z }),
  deleteX: (store) => deleteSession(store, X),
  deleteY: (store) => deleteSession(store, Y),
  getX: (store) => told(store, X),
  updateX: (store, agent) => updateSession(store, X, agent, 'value'),
  updateXLonger: (store, agent) => updateSession(store, X, 'key', agent.repeat(9)),
  changeX: (store, agent) =>
    changeMetadata(store, X, (metadata) => {
      metadata.delete('setup')
      metadata.set('long', agent).set('more', agent)
    }),
  incrementX: (store) => incrementAccess(store, X),
  refreshX: (store) => refreshFromDatabase(store, database, X),
  cleanUp: (store) => runCleanup(store, undefined),
} satisfies Record<string, (store: SessionStore, agent: string) => unknown>
type Name = keyof typeof operations
const names = Object.keys(operations) as Name[]
/** The operations that are one step. A clean-up is one step for each session. */
const atomic = names.filter((name) => name !== 'cleanUp')

/** Returns a session as text, without its times. */
function told(store: SessionStore, id: string): string | undefined {
  const session = store.get(id)
  if (session === undefined) return undefined
  const { lastActivity: _, cacheTime: __, expiresAt: ___, metadata, ...rest } = session
  return JSON.stringify([rest, [...metadata]])
}

function endOf(store: SessionStore): string {
  const ids = [X, Y, Z].map((id) => told(store, id))
  return JSON.stringify([ids, census(store), store.stat('occupied'), store.stat('cleanedUp')])
}

function after(setup: readonly Name[]): SessionStore {
  const { store } = fresh({ capacity: CAPACITY, metadataBytes: 128 })
  for (const name of setup) resultOf(() => operations[name](store, 'setup'))
  return store
}

function act(store: SessionStore, name: Name, agent: string): unknown {
  return resultOf(() => operations[name](store, agent))
}

/** Returns the results and the final state of all sequential orders of A's operation and B's operations. */
function allowed(setup: readonly Name[], a: Name, b: readonly Name[]): Set<string> {
  const orders = Array.from({ length: b.length + 1 }, (_, first) => {
    const store = after(setup)
    const before = b.slice(0, first).map((name) => act(store, name, 'B'))
    const result = act(store, a, 'A')
    const rest = b.slice(first).map((name) => act(store, name, 'B'))
    return JSON.stringify([result, [...before, ...rest], endOf(store)])
  })
  return new Set(orders)
}

/** Runs B's operations before every access of A's operation. Each time the outcome must be that of a sequential order. */
function expectLinearizable(setup: readonly Name[], a: Name, b: readonly Name[]): void {
  // If B would have to wait, it stops there: only its operations before that count.
  const right = Array.from({ length: b.length + 1 }, (_, done) => allowed(setup, a, b.slice(0, done)))
  atEveryAccess((at) => {
    const store = after(setup)
    const second = new SessionStore(store.memory)
    const done: unknown[] = []
    const { result, reached } = preempt(
      at,
      () => act(store, a, 'A'),
      () => b.forEach((name) => done.push(act(second, name, 'B'))),
    )
    const got = JSON.stringify([result, done, endOf(store)])
    if (reached && !right[done.length]!.has(got))
      expect.fail(`${setup.join(', ')}; then ${a} with ${b.join(', ')} at access ${at} gives ${got}`)
    return { reached }
  })
}

describe.each(atomic)('%s is one step', (a) => {
  test('whatever comes in between', () => {
    const setups: Name[][] = [[], ['createX'], ['createY', 'createX', 'deleteY', 'cleanUp'], ['createX', 'deleteX']]
    for (const setup of setups) {
      for (const first of names) expectLinearizable(setup, a, [first])
    }
  })
})

/** Without refreshX: if the session was replaced, a refresh discards its row, which no sequential order does. */
describe.each(atomic.filter((name) => name !== 'refreshX'))('%s is one step', (a) => {
  test('also if the session is deleted and created again in between, in the same slot or in another', () => {
    const back: Name[][] = [
      ['deleteX', 'cleanUp', 'createX'],
      ['deleteX', 'cleanUp', 'createX', 'updateX', 'incrementX'],
      ['deleteX', 'cleanUp', 'createY', 'createXOfMuchText'],
      ['deleteX', 'cleanUp', 'createY'],
      ['createX', 'deleteX', 'cleanUp', 'createX', 'deleteX', 'cleanUp'],
      ['deleteY', 'cleanUp', 'deleteX', 'cleanUp', 'createX'],
    ]
    for (const setup of [[], ['createX'], ['createY', 'createX']] as Name[][])
      for (const b of back) expectLinearizable(setup, a, b)
  })
})

function goesAndComesBack(b: readonly Name[]): boolean {
  const gone = b.indexOf('deleteX')
  return gone !== -1 && b.slice(gone).some((name) => name.startsWith('createX'))
}

test('any operation is one step, whatever happened before and whatever comes in between', () => {
  const some = fc.array(fc.constantFrom(...names), { maxLength: 6, size: 'max' })
  const property = fc.property(some, fc.constantFrom(...atomic), some, (setup, a, b) => {
    fc.pre(a !== 'refreshX' || !goesAndComesBack(b))
    expectLinearizable(setup, a, b)
  })
  fc.assert(property, { numRuns: 60 })
})

test('a listed id is whole and is that of a session in the slot, whatever takes the slot meanwhile', () => {
  atEveryAccess((at) => {
    const store = after(['createX'])
    const second = new SessionStore(store.memory)
    const { result, reached } = preempt(
      at,
      () => store.ids().join(),
      () => (['deleteX', 'cleanUp', 'createY'] as const).forEach((name) => act(second, name, 'B')),
    )
    if (reached && result !== X && result !== Y) expect.fail(`at access ${at} the list was ${result}`)
    return { reached }
  })
})

test('a clean-up frees sessions that were deleted before, and no live one, whatever comes in between', () => {
  const betweens: Name[][] = [['deleteX'], ['createX'], ['deleteX', 'createX'], ['createX', 'deleteX', 'incrementX']]
  for (const setup of [['createX'], ['createX', 'deleteX'], ['createY', 'createX', 'deleteX']] as Name[][])
    for (const b of betweens) expectLinearizable(setup, 'cleanUp', b)
})

test('of two cleaners one deletes the row of a session and frees its slot, whatever the other does meanwhile', () => {
  for (const then of [[], ['createX'], ['createY', 'createX', 'deleteX']] as Name[][]) {
    atEveryAccess((at) => {
      const store = after(['createX', 'deleteX'])
      const second = new SessionStore(store.memory)
      const dropped: string[] = []
      const counting: Database = { ...database, delete: (id) => void dropped.push(id) }
      const { reached } = preempt(
        at,
        () => runCleanup(store, counting),
        () => {
          runCleanup(second, counting)
          for (const name of then) act(second, name, 'B')
        },
      )
      runCleanup(store, counting)
      const { active, deleted } = census(store)
      const isRight = dropped.length === store.stat('cleanedUp') && deleted === 0 && store.stat('occupied') === active
      if (!isRight || dropped.length > 2) expect.fail(`at access ${at}: ${dropped.join()}, ${active} live`)
      return { reached }
    })
  }
})

/** Stops the first act before each of its accesses for the second, and the second before each of its accesses for the third. */
function atEveryPairOfAccesses(
  prepare: () => readonly [() => unknown, () => unknown, () => unknown],
  check: (results: readonly unknown[]) => void,
): void {
  atEveryAccess((outer) => {
    let reached = true
    atEveryAccess((inner) => {
      const [a, b, c] = prepare()
      const first = preempt(outer, a, () => preempt(inner, b, c))
      reached = first.reached
      if (first.other === undefined) return { reached: false }
      const { result, other, reached: wasThree } = first.other
      if (wasThree) check([first.result, result, other])
      return { reached: wasThree }
    })
    return { reached }
  })
}

describe('of three that create one id, each stopping the other anywhere', () => {
  test.each([
    ['in an empty table', []],
    ['in the first slot of a chain', ['createY', 'createZ', 'deleteY', 'cleanUp']],
    ['between others', ['createY', 'createZ']],
  ] as [string, Name[]][])('exactly one wins (%s)', (_, setup) => {
    let stores: SessionStore[] = []
    const prepare = () => {
      const store = after(setup)
      stores = [store, new SessionStore(store.memory), new SessionStore(store.memory)]
      const [a, b, c] = stores.map((view, agent) => () => act(view, 'createX', `agent ${agent}`))
      return [a!, b!, c!] as const
    }
    const before = census(after(setup)).active
    atEveryPairOfAccesses(prepare, (results) => {
      const winner = results.indexOf(X)
      if (results.filter((result) => result === EXISTS).length !== 2 || winner < 0) expect.fail(String(results))
      const [store] = stores as [SessionStore]
      if (store.get(X)!.userId !== `agent ${winner}`) expect.fail('another won')
      if (census(store).active !== before + 1 || store.stat('occupied') !== before + 1) expect.fail('miscounted')
    })
  })

  test('one wins if the id is freed and taken again meanwhile', () => {
    let store = after([])
    const prepare = () => {
      store = after(['createX'])
      const second = new SessionStore(store.memory)
      const third = new SessionStore(store.memory)
      return [
        () => act(store, 'createX', 'A'),
        () => (['deleteX', 'cleanUp', 'createX'] as const).map((name) => act(second, name, 'B')),
        () => act(third, 'createX', 'C'),
      ] as const
    }
    atEveryPairOfAccesses(prepare, ([a, b, c]) => {
      const { userId } = store.get(X)!
      const isRight = [a, (b as unknown[])[2], c].filter((result) => result === X).length === 1
      if (!isRight) expect.fail(`${String(a)}, ${String(b)}, ${String(c)}: ${userId}`)
      const { active, deleted } = census(store)
      if (active !== 1 || deleted !== 0 || store.stat('occupied') !== 1) expect.fail('miscounted')
    })
  })
})

test.each(['createX', 'createY', 'deleteX', 'updateX', 'cleanUp'] as const)(
  'no capacity is lost if %s is stopped anywhere while another agent fills and empties the store',
  (a) => {
    atEveryAccess((at) => {
      const { store, sessions } = fresh({ capacity: 1 })
      const second = new SessionStore(store.memory)
      act(store, 'createX', 'A')
      const churn: Name[] = ['deleteX', 'cleanUp', 'createY', 'deleteY', 'cleanUp', 'createX', 'deleteX']
      const { reached } = preempt(
        at,
        () => act(store, a, 'A'),
        () => churn.map((name) => act(second, name, 'B')),
      )
      act(store, 'deleteX', 'A')
      act(store, 'deleteY', 'A')
      act(store, 'cleanUp', 'A')
      if (fill(sessions) !== 1) expect.fail(`at access ${at} capacity is lost or gained`)
      return { reached }
    })
  },
)
