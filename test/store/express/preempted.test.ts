/** The write of one request is stopped before each of its accesses, while another thread does a whole operation. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { SharedMemoryStore, addNumbers } from '../../../src/store/express/index.ts'
import { preempt, seeAccesses } from '../preempt.ts'
import { EXISTS, resultOf } from '../stores.ts'
import { COOKIE, get, set, shared } from './stores.ts'
import type { Plain } from './stores.ts'

/** A thread: its store, and the session as its request has read it; undefined if there was none. */
interface Thread {
  readonly name: string
  readonly store: SharedMemoryStore
  readonly mine: Plain | undefined
}

/** The operations, without callbacks: the store then does its work before it returns. */
const operations = {
  create: ({ store, name }) => store.set('a', { cookie: COOKIE, [`new of ${name}`]: 1 }),
  addKey: ({ store, name, mine }) => store.set('a', Object.assign(mine ?? {}, { [name]: 1 }) as never),
  addOne: ({ store, mine }) =>
    store.set('a', Object.assign(mine ?? {}, { n: ((mine?.['n'] as number | undefined) ?? 0) + 1 }) as never),
  removeKey: ({ store, mine }) => {
    delete mine?.['old']
    store.set('a', (mine ?? {}) as never)
  },
  touch: ({ store, mine }) => store.touch('a', (mine ?? { cookie: COOKIE }) as never),
  destroy: ({ store }) => store.destroy('a'),
  clear: ({ store }) => store.clear(),
} satisfies Record<string, (thread: Thread) => void>
type Name = keyof typeof operations
const names = Object.keys(operations) as Name[]

interface Setup {
  readonly title: string
  prepare(store: SharedMemoryStore): Promise<void>
}

const setups: Setup[] = [
  { title: 'there', prepare: (store) => set(store, 'a', { cookie: COOKIE, n: 1, old: 1 }).then(() => {}) },
  { title: 'not there', prepare: async () => {} },
  {
    title: 'destroyed',
    async prepare(store) {
      await set(store, 'a', { cookie: COOKIE, n: 1, old: 1 })
      store.destroy('a')
    },
  },
]

/** Returns two threads over one memory, after the setup. */
async function pairAfter({ prepare }: Setup): Promise<[Thread, Thread]> {
  const { memory, store } = shared({ resolve: addNumbers }, { capacity: 2, metadataBytes: 500 })
  await prepare(store)
  const thread = async (name: string): Promise<Thread> => {
    const own = new SharedMemoryStore(memory, { resolve: addNumbers })
    return { name, store: own, mine: (await get(own, 'a')) ?? undefined }
  }
  return [await thread('one'), await thread('two')]
}

async function endOf({ store }: Thread, ...results: unknown[]): Promise<string> {
  const session = await get(store, 'a')
  return JSON.stringify([results, session ? Object.entries(session).sort(([a], [b]) => (a < b ? -1 : 1)) : null])
}

function act(name: Name, thread: Thread): unknown {
  return resultOf(() => operations[name](thread))
}

/** Returns the outcomes of the two operations one after the other, in both orders, and the outcome of the first alone. */
async function allowed(setup: Setup, a: Name, b: Name): Promise<{ both: Set<string>; alone: string }> {
  const [one, two] = await pairAfter(setup)
  const first = await endOf(one, act(a, one), act(b, two))
  const [three, four] = await pairAfter(setup)
  const [late, early] = [act(b, four), act(a, three)]
  const [five] = await pairAfter(setup)
  return { both: new Set([first, await endOf(three, early, late)]), alone: await endOf(five, act(a, five), 'waits') }
}

describe.each(setups)('of a session that is $title', (setup) => {
  test.each(names.flatMap((a) => names.map((b) => [a, b] as const)))(
    '%s is one step, wherever another thread’s %s comes in between',
    async (a, b) => {
      const { both, alone } = await allowed(setup, a, b)
      onTestFinished(seeAccesses())
      for (let at = 0, reached = true; reached; at++) {
        const [one, two] = await pairAfter(setup)
        const done = preempt(
          at,
          () => act(a, one),
          () => [act(b, two)],
        )
        reached = done.reached
        // If the second operation would have to wait, it is abandoned and has done nothing. Neither has it if its id is refused because
        // the first has not yet cleaned up a destroyed session with that id.
        const [other] = done.other ?? ['waits']
        const end = await endOf(one, done.result, other === EXISTS ? 'waits' : other)
        if (reached && end !== alone && !both.has(end))
          expect.fail(`at access ${at}: ${end}, not ${[...both].join(' or ')}`)
      }
    },
  )
})
