/**
 * Lost update: two threads read the same value, both compute a new value from it, and both write. One change is lost.
 *
 * In the load every worker increments one session's access count. Then every worker sets five metadata keys of its own in
 * another session. Every increment and every key must arrive.
 */
import { counter } from '../../check/index.ts'
import type { CallOf } from '../../stress/history.ts'
import type { LessonLoad } from './lesson.ts'
import { scenario } from '../../scenario.ts'
import type { Scenario } from '../../scenario.ts'
import { createSession } from '../../store/operations/create-session.ts'
import { incrementAccess } from '../variants/increment-access.ts'
import { allocateLabStore } from '../variants/lab-memory.ts'
import type { LabMemory } from '../variants/lab-memory.ts'
import { storeOf } from '../variants/open.ts'
import { LabStore } from '../variants/lab-store.ts'
import { updateSession } from '../variants/update-session.ts'
import type { ThreadLesson, Variant } from './lesson.ts'
import { namedWords, storeRaces } from './named-words.ts'
import { figure } from './metrics.ts'
import { countIn, findLostCount, showing } from './witness.ts'

const variants = [
  { name: 'buggy', sound: false, summary: 'the lock is released between the read and the write' },
  { name: 'write-lock', sound: true, summary: 'one write lock is held over the whole operation' },
  { name: 'mutex', sound: true, summary: 'a mutex is held over the whole operation' },
  { name: 'atomic-add', sound: true, summary: 'the count is one atomic addition; metadata keys are still lost' },
  {
    name: 'cas',
    sound: true,
    summary: 'compare-and-swap: writes only if nothing changed since the read, else starts again',
  },
] as const satisfies readonly Variant[]

type Name = (typeof variants)[number]['name']

/** All workers increment the first session, and set keys in the second. */
const COUNTED = 'counted-session'
const KEYED = 'keyed-session'
const KEYS_PER_WORKER = 5
/** Each worker first does this many operations on a session of its own, so that the measured code is compiled. */
const WARM_UP = 300

/** An increment, as it is recorded. */
const COUNT: CallOf<number> = { f: 0, part: 0, output: (count) => count }

const load: LessonLoad<LabMemory, void> = {
  iterations: 1000,
  gap: 'sleep:0.05/50',
  database: 'memory',

  prepare({ workers }) {
    // A key and its value take at most 32 bytes.
    const memory = allocateLabStore({ capacity: workers + 2, metadataBytes: workers * KEYS_PER_WORKER * 32 })
    const store = new LabStore(memory)
    for (const id of [COUNTED, KEYED]) createSession(store, undefined, 'u1', 'alice', { id })
    for (let worker = 0; worker < workers; worker++)
      createSession(store, undefined, 'u1', 'alice', { id: warmUpOf(worker) })
    return memory
  },

  work(memory, { variant, iterations }, worker) {
    const store = storeOf(worker, memory)
    const increment = incrementAccess[variant as Name]
    const update = updateSession[variant as Name]
    for (let i = 0; i < WARM_UP; i++) increment(store, warmUpOf(worker.index))
    worker.start()
    const count = (): number => increment(store, COUNTED, worker.pause)
    const operation = worker.history?.recording(COUNT, count) ?? count
    for (let i = 0; i < iterations; i++) worker.operation(operation)
    worker.meet()
    for (let i = 0; i < KEYS_PER_WORKER; i++) update(store, KEYED, `key ${worker.index}.${i}`, 'set', worker.pause)
  },

  judge(memory, { variant, workers, iterations }) {
    const store = new LabStore(memory)
    const expected = workers * iterations
    const actual = store.read(COUNTED).accessCount
    const keysExpected = workers * KEYS_PER_WORKER
    const keysArrived = store.read(KEYED).metadata.size
    const keysLost = keysExpected - keysArrived
    // Keys that a variant does not claim to keep are shown, but are no violations.
    const violations = expected - actual + (keepsMetadata(variant) ? keysLost : 0)
    return { expected, actual, violations, metrics: { keysExpected, keysArrived, keysLost } }
  },

  live: {
    what: 'lost increments',
    watch(memory) {
      const arrived = new LabStore(memory).accessesOf(COUNTED)
      return ({ operations }) => operations - arrived()
    },
  },
}

function keepsMetadata(variant: string): boolean {
  return variant !== 'atomic-add' && variant !== 'buggy'
}

function warmUpOf(worker: number): string {
  return `warm-up ${worker}`
}

/** Returns the scenario: two actors do one increment each. Metadata keys are left out, because their race is the same. */
function smallestScenario(variant: string): Scenario {
  const increment = incrementAccess[variant as Name]
  return scenario({
    name: 'lost update',
    memory() {
      const memory = allocateLabStore({ capacity: 1, metadataBytes: 0 })
      createSession(new LabStore(memory), undefined, 'u1', 'alice', { id: COUNTED })
      return memory
    },
    actors: {
      alice: (memory) => increment(new LabStore(memory), COUNTED),
      bob: (memory) => increment(new LabStore(memory), COUNTED),
    },
    observe: (memory) => new LabStore(memory).read(COUNTED).accessCount,
    outcomes: { 2: 'acceptable', 1: ['forbidden', 'one increment is lost'] },
    names: namedWords,
    races: storeRaces,
  })
}

export const lostUpdate: ThreadLesson = {
  name: 'lost-update',
  title: 'Lost update',
  variants,
  uses: ['gap'],
  load,
  scenario: smallestScenario,
  history: {
    model: counter,
    part: () => COUNTED,
    operation: ({ output }) => ({ f: 'increment', output }),
  },
  columns: {
    total: ['increments', 'arrived', 'lost'],
    more: [{ name: 'keys', show: (metrics) => `${figure(metrics, 'keysArrived')}/${figure(metrics, 'keysExpected')}` }],
  },
  witness: {
    variant: 'buggy',
    iterations: 20,
    find: findLostCount,
    ...showing(({ accessCount }) => `count=${accessCount}`),
    tell(steps) {
      const before = countIn(steps.find(({ action }) => action === 'read')!)
      const after = countIn(steps.findLast(({ action }) => action === 'write')!)
      return `Both read ${before}, and both wrote ${after}: expected ${before + 2}, actual ${after}. One update is lost.`
    },
  },
  lesson: {
    story:
      'A shop counts the uses of a discount code in the session, and keeps the basket there. Two requests of one customer ' +
      'arrive together. Each reads the session, works, and writes its copy back. Both answer "done", but the counter grew ' +
      'by one only, and the item that the first request put into the basket is missing.',
    timeline: [
      ['', '', 'count=10'],
      ['read lock; read count=10; unlock', '', 'count=10'],
      ['', 'read lock; read count=10; unlock', 'count=10'],
      ['compute 11', '', 'count=10'],
      ['', 'compute 11', 'count=10'],
      ['write lock; write count=11; unlock', '', 'count=11'],
      ['', 'write lock; write count=11; unlock', 'count=11'],
    ],
    noReturn: 2,
    outcome: 'Two increments were made and one was counted: expected 12, actual 11.',
    why:
      'Each step is locked, but the operation is not. Thread 2 computes its value from a session that has changed by the ' +
      'time it writes. A read-write lock orders single reads and writes; it cannot know that this write depends on that read.',
    fixes:
      'Make the read, the change and the write one step. There are three ways. Hold a write lock or a mutex from before the ' +
      'read until after the write. Or, where the change is an addition, use an atomic addition. Or write only if nothing has ' +
      'changed since the read, and start again otherwise (compare-and-swap); this way holds no lock while it computes.',
    trap:
      'An atomic counter alone. The count is then right, but the metadata beside it is still lost: run the variant ' +
      'atomic-add and look at the keys. Locking every single access more carefully does not help either, because the bug is ' +
      'the gap between the accesses.',
  },
}
