/** What one thread does in a contest: batches of an operation over random sessions, until its time is over. */
import { randomNumbers } from '../../src/explore/model/random-numbers.ts'
import type { Client, Look, Operation } from '../peers/contestant.ts'
import { KEYS, isWhole, metadataOf } from '../peers/sessions.ts'
import type { Checked } from './entrant.ts'

export const BATCH = 1000
/** As many different values as a thread sets, so that a lost one is not replaced by its like. */
const VALUES = Array.from({ length: 4 }, (_, batch) =>
  Array.from({ length: BATCH }, (_, at) => `v${batch * BATCH + at}`),
)

export interface Tally {
  readonly operations: number
  readonly milliseconds: number
}

export interface Work {
  turn(milliseconds: number): Promise<Tally>
  check(): Promise<Checked>
}

export interface Workplace {
  readonly client: Client<unknown>
  readonly ids: readonly string[]
  readonly thread: number
  readonly threads: number
}

const NEVER = -1

export function workOf(operation: Operation, place: Workplace): Work {
  if (operation === 'increment') return incrementing(place)
  if (operation === 'get') return getting(place)
  if (operation === 'set') return setting(place)
  return churning(place, operation)
}

/** Every access that was counted must be in the sessions' counts. */
function incrementing(place: Workplace): Work {
  const { client, thread } = place
  const nextBatch = randomBatches(place)
  let done = 0
  return {
    async turn(milliseconds) {
      const tally = await repeat(milliseconds, () => client.increment(nextBatch().handles))
      done += tally.operations
      return tally
    },
    // All threads' counts are in the same sessions: one thread looks for all.
    check: async () => ({ expected: done, found: thread === 0 ? await accesses(place) : 0 }),
  }
}

/** Every session that was read must be whole. */
function getting(place: Workplace): Work {
  const { client } = place
  const nextBatch = randomBatches(place)
  let done = 0
  let whole = 0
  return {
    async turn(milliseconds) {
      const tally = await repeat(milliseconds, () => {
        const { handles, ids } = nextBatch()
        let at = 0
        const look: Look = (session) => {
          if (isWhole(session, ids[at++]!)) whole++
        }
        return client.get(handles, look)
      })
      done += tally.operations
      return tally
    },
    check: async () => ({ expected: done, found: whole }),
  }
}

/** The last value that a thread set must be there, whatever others set in the same sessions; and each set is an access. */
function setting(place: Workplace): Work {
  const { client, ids, thread } = place
  const nextBatch = randomBatches(place)
  const key = KEYS[thread]!
  const last = new Int32Array(ids.length).fill(NEVER)
  let round = 0
  let done = 0
  return {
    async turn(milliseconds) {
      const tally = await repeat(milliseconds, async () => {
        const { handles, indexes } = nextBatch()
        const batch = round++ % VALUES.length
        await client.set!(handles, key, VALUES[batch]!)
        for (let at = 0; at < BATCH; at++) last[indexes[at]!] = batch * BATCH + at
      })
      done += tally.operations
      return tally
    },
    async check() {
      const mine = last.filter((value) => value !== NEVER).length
      let found = thread === 0 ? await accesses(place) : 0
      let at = 0
      await inBatches(allHandles(place), (handles) =>
        client.get(handles, (session) => {
          const value = last[at++]!
          if (value !== NEVER && session && metadataOf(session, key) === valueAt(value)) found++
        }),
      )
      return { expected: done + mine, found }
    },
  }
}

/** Creates and deletes its share of the sessions in turn, and looks after each whether they are there, or gone. */
function churning(place: Workplace, operation: 'create' | 'delete'): Work {
  const { client, ids, thread, threads } = place
  const mine = ids.filter((_, index) => index % threads === thread)
  let expected = 0
  let found = 0
  const verify = (isRight: (session: Parameters<Look>[0], id: string) => boolean): Done => {
    let at = 0
    expected += mine.length
    return inBatches(mine, (batch) =>
      client.get(batch, (session) => {
        if (isRight(session, mine[at++]!)) found++
      }),
    )
  }
  return {
    async turn(milliseconds) {
      const end = performance.now() + milliseconds
      let operations = 0
      let measured = 0
      while (performance.now() < end) {
        const creating = await timed(() => inBatches(mine, (batch) => client.create(batch)))
        await verify(isWhole)
        const deleting = await timed(() => inBatches(mine, (batch) => client.delete!(batch)))
        await verify((session) => session === undefined)
        await client.settle?.()
        operations += mine.length
        measured += operation === 'create' ? creating : deleting
      }
      return { operations, milliseconds: measured }
    },
    check: async () => ({ expected, found }),
  }
}

type Done = void | Promise<void>

/** Runs batches until the time is over. At least one. */
async function repeat(milliseconds: number, batch: () => Done): Promise<Tally> {
  const start = performance.now()
  let rounds = 0
  let now: number
  do {
    const under = batch()
    rounds++
    if (under !== undefined) await under
    now = performance.now()
  } while (now - start < milliseconds)
  return { operations: rounds * BATCH, milliseconds: now - start }
}

async function timed(work: () => Done): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

export async function inBatches<Each>(all: readonly Each[], work: (batch: readonly Each[]) => Done): Promise<void> {
  for (let at = 0; at < all.length; at += BATCH) await work(all.slice(at, at + BATCH))
}

/** The counts of all sessions together. */
async function accesses(place: Workplace): Promise<number> {
  let found = 0
  await inBatches(allHandles(place), (handles) =>
    place.client.get(handles, (session) => (found += session?.accessCount ?? 0)),
  )
  return found
}

function allHandles({ client, ids }: Workplace): readonly unknown[] {
  return client.handle ? ids.map((id, index) => client.handle!(id, index)) : ids
}

function valueAt(value: number): string {
  return VALUES[Math.floor(value / BATCH)]![value % BATCH]!
}

interface Batch {
  readonly indexes: Int32Array
  readonly ids: readonly string[]
  readonly handles: readonly unknown[]
}

/**
 * Random sessions, drawn beforehand: about as many as there are, so that all of a large store is used, turn after turn. What is
 * needed of them stands in a row, so that it is the sessions that must be fetched from memory, and not the draw.
 */
function randomBatches(place: Workplace): () => Batch {
  const handles = allHandles(place)
  const random = randomNumbers(place.thread + 1)
  const batches = Array.from({ length: Math.max(32, Math.ceil(handles.length / BATCH)) }, () => {
    const indexes = Int32Array.from({ length: BATCH }, () => Math.floor(random() * handles.length))
    const ids = Array.from(indexes, (index) => place.ids[index]!)
    return { indexes, ids, handles: place.client.handle ? Array.from(indexes, (index) => handles[index]) : ids }
  })
  let next = 0
  return () => batches[next++ % batches.length]!
}
