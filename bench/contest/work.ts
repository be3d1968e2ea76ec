/** The work of one thread in a contest: batches of an operation on random sessions, until the time of the turn is over. */
import { randomNumbers } from '../../src/explore/model/random-numbers.ts'
import type { Client, MaybeAsync, OnSession, Operation } from '../peers/implementation.ts'
import { KEYS, METADATA, isWhole, metadataOf } from '../peers/sessions.ts'
import type { Checked } from './running-competitor.ts'

export const BATCH = 1000
/** The values that a thread sets. They all differ, so when a set is lost, the check finds another value than the last one. */
const VALUES = Array.from({ length: 4 }, (_, batch) =>
  Array.from({ length: BATCH }, (_, at) => `v${batch * BATCH + at}`),
)

export interface Tally {
  readonly operations: number
  readonly milliseconds: number
}

/** One operation's work and its check. */
export interface Work {
  turn(milliseconds: number): Promise<Tally>
  check(): Promise<Checked>
}

export interface WorkContext {
  readonly client: Client<unknown>
  readonly ids: readonly string[]
  readonly thread: number
  readonly threads: number
}

/** Marks a session in which this thread has set no value. */
const NEVER = -1

export function workOf(operation: Operation, context: WorkContext): Work {
  if (operation === 'increment') return incrementing(context)
  if (operation === 'get') return reading(context, get)
  if (operation === 'look') return reading(context, look)
  if (operation === 'key') return reading(context, key)
  if (operation === 'set') return setting(context)
  return churning(context, operation)
}

/** Increments sessions. Its check: the access counts of all sessions must add up to the number of increments. */
function incrementing(context: WorkContext): Work {
  const { client, thread } = context
  const nextBatch = randomBatches(context)
  let done = 0
  return {
    async turn(milliseconds) {
      const tally = await repeat(milliseconds, () => client.increment(nextBatch().handles))
      done += tally.operations
      return tally
    },
    // The counts of all threads are in the same sessions, so only thread 0 adds them up.
    check: async () => ({ expected: done, found: thread === 0 ? await accesses(context) : 0 }),
  }
}

/** Reads a batch of sessions in some way, and calls `onRead` for each with whether it has read what it should. */
type Read = (client: Client<unknown>, batch: Batch, onRead: (isRight: boolean) => void) => MaybeAsync

const [KEY] = KEYS

const get: Read = (client, { handles, ids }, onRead) => {
  let at = 0
  return client.get(handles, (session) => onRead(isWhole(session, ids[at++]!)))
}

/** What the check of a request is likely to do with a session: nothing else of it is looked at. */
const look: Read = (client, { handles }, onRead) =>
  client.get(handles, (session) =>
    onRead(session !== undefined && session.accessCount === 0 && metadataOf(session, KEY) === METADATA[KEY]),
  )

const key: Read = (client, batch, onRead) =>
  client.key === undefined
    ? look(client, batch, onRead)
    : client.key(batch.handles, KEY, (value) => onRead(value === METADATA[KEY]))

/** Reads sessions. Its check: what was read is right each time. */
function reading(context: WorkContext, read: Read): Work {
  const { client } = context
  const nextBatch = randomBatches(context)
  let done = 0
  let right = 0
  const onRead = (isRight: boolean): void => {
    if (isRight) right++
  }
  return {
    async turn(milliseconds) {
      const tally = await repeat(milliseconds, () => read(client, nextBatch(), onRead))
      done += tally.operations
      return tally
    },
    check: async () => ({ expected: done, found: right }),
  }
}

/**
 * Sets metadata. Its check: each session must have the last value that this thread set, although the other thread sets another
 * key of the same session; and each set must have counted an access.
 */
function setting(context: WorkContext): Work {
  const { client, ids, thread } = context
  const nextBatch = randomBatches(context)
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
      let found = thread === 0 ? await accesses(context) : 0
      let at = 0
      await inBatches(allHandles(context), (handles) =>
        client.get(handles, (session) => {
          const value = last[at++]!
          if (value !== NEVER && session && metadataOf(session, key) === valueAt(value)) found++
        }),
      )
      return { expected: done + mine, found }
    },
  }
}

/** Creates and deletes this thread's share of the sessions in turn, and checks after each that they exist, or do not. */
function churning(context: WorkContext, operation: 'create' | 'delete'): Work {
  const { client, ids, thread, threads } = context
  const mine = ids.filter((_, index) => index % threads === thread)
  let expected = 0
  let found = 0
  const verify = (isRight: (session: Parameters<OnSession>[0], id: string) => boolean): MaybeAsync => {
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

/** Runs batches until the time is over, but at least one. */
async function repeat(milliseconds: number, batch: () => MaybeAsync): Promise<Tally> {
  const start = performance.now()
  let rounds = 0
  let now: number
  do {
    const pending = batch()
    rounds++
    if (pending !== undefined) await pending
    now = performance.now()
  } while (now - start < milliseconds)
  return { operations: rounds * BATCH, milliseconds: now - start }
}

async function timed(work: () => MaybeAsync): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

export async function inBatches<Each>(
  all: readonly Each[],
  work: (batch: readonly Each[]) => MaybeAsync,
): Promise<void> {
  for (let at = 0; at < all.length; at += BATCH) await work(all.slice(at, at + BATCH))
}

/** Resolves to the sum of all sessions' access counts. */
async function accesses(context: WorkContext): Promise<number> {
  let found = 0
  await inBatches(allHandles(context), (handles) =>
    context.client.get(handles, (session) => (found += session?.accessCount ?? 0)),
  )
  return found
}

function allHandles({ client, ids }: WorkContext): readonly unknown[] {
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
 * Returns a function that returns one batch after the other. The random sessions are drawn beforehand, about as many as there
 * are, so that the turns use all of a large store. The drawn ids lie next to each other in memory, so that a turn waits for the
 * sessions and not for the draw.
 */
function randomBatches(context: WorkContext): () => Batch {
  const handles = allHandles(context)
  const random = randomNumbers(context.thread + 1)
  const batches = Array.from({ length: Math.max(32, Math.ceil(handles.length / BATCH)) }, () => {
    const indexes = Int32Array.from({ length: BATCH }, () => Math.floor(random() * handles.length))
    const ids = Array.from(indexes, (index) => context.ids[index]!)
    return { indexes, ids, handles: context.client.handle ? Array.from(indexes, (index) => handles[index]) : ids }
  })
  let next = 0
  return () => batches[next++ % batches.length]!
}
