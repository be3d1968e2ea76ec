/**
 * Rate-limit bypass: a rate limit is only as exact as the count that it is compared with.
 *
 * The workers send more requests of one session than its limit allows. Each request counts itself with incrementAccess, and
 * is served if its number is within the limit. Exactly `limit` requests must be served.
 */
import { sumOf } from '../../stress/load.ts'
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
import type { ThreadLesson, Variant } from './lesson.ts'
import { namedWords, storeRaces } from './named-words.ts'
import { whole } from '../../terminal/figures.ts'
import { figure } from './metrics.ts'
import { countIn, findLostCount, showing } from './witness.ts'

const variants = [
  {
    name: 'buggy',
    sound: false,
    summary: 'requests are counted by a read and a write: two requests can get the same number',
  },
  {
    name: 'sound',
    sound: true,
    summary: 'requests are counted by compare-and-swap: no two requests get the same number',
  },
] as const satisfies readonly Variant[]

const forms = { buggy: incrementAccess.buggy, sound: incrementAccess.cas }

const ID = 'limited-session'
/** The limit of most runs. In a run of few requests the limit is half of them, so that it is reached. */
const LIMIT = 100

interface Report {
  readonly served: number
}

/** The counting of a request, as it is recorded. */
const REQUEST: CallOf<number> = { f: 0, part: 0, output: (number) => number }

const load: LessonLoad<LabMemory, Report> = {
  iterations: 200,
  // Every fifth operation sleeps: often enough for two requests to overlap before the limit is reached.
  gap: 'sleep:0.05/5',
  database: 'memory',

  prepare() {
    const memory = allocateLabStore({ capacity: 1, metadataBytes: 0 })
    createSession(new LabStore(memory), undefined, 'u1', 'alice', { id: ID })
    return memory
  },

  work(memory, setting, worker) {
    const store = storeOf(worker, memory)
    const increment = forms[setting.variant as keyof typeof forms]
    const limit = limitOf(setting)
    let served = 0
    const count = (): number => increment(store, ID, worker.pause)
    const numbered = worker.history?.recording(REQUEST, count) ?? count
    worker.start()
    for (let i = 0; i < setting.iterations; i++) {
      worker.operation(() => {
        const number = numbered()
        if (number > limit) return worker.recorder?.step('refuse', `request ${number} of ${limit}`)
        worker.recorder?.step('serve', `request ${number} of ${limit}`)
        served++
        worker.note()
      })
    }
    return { served }
  },

  judge(memory, setting, reports) {
    const requests = requestsOf(setting)
    const limit = limitOf(setting)
    const served = sumOf(reports, (each) => each.served)
    const counted = new LabStore(memory).read(ID).accessCount
    const overLimit = served - limit
    return {
      expected: limit,
      actual: served,
      violations: Math.abs(overLimit),
      metrics: { requests, counted, limit, served, overLimit },
    }
  },

  live: {
    what: 'requests served over the limit',
    watch: (_, setting) => {
      const limit = limitOf(setting)
      return ({ noted: served }) => served - limit
    },
  },
}

interface Size {
  readonly workers: number
  readonly iterations: number
}

function requestsOf({ workers, iterations }: Size): number {
  return workers * iterations
}

function limitOf(size: Size): number {
  return Math.min(LIMIT, Math.ceil(requestsOf(size) / 2))
}

/** Returns the scenario: two requests at a limit of one. The request that gets number 1 is served. */
function smallestScenario(variant: string): Scenario {
  const increment = forms[variant as keyof typeof forms]
  const request = (memory: LabMemory) => increment(new LabStore(memory), 'a') <= 1
  return scenario({
    name: 'rate-limit bypass',
    memory() {
      const memory = allocateLabStore({ capacity: 1, metadataBytes: 0 })
      createSession(new LabStore(memory), undefined, '', '', { id: 'a' })
      return memory
    },
    actors: { alice: request, bob: request },
    observe: (_, { alice, bob }) => `${Number(alice) + Number(bob)} served`,
    outcomes: { '1 served': 'acceptable', '2 served': ['forbidden', 'one request more than the limit was served'] },
    names: namedWords,
    races: storeRaces,
  })
}

export const rateLimitBypass: ThreadLesson = {
  name: 'rate-limit-bypass',
  title: 'Rate-limit bypass',
  variants,
  uses: ['gap'],
  load,
  scenario: smallestScenario,
  history: {
    model: counter,
    part: () => ID,
    operation: ({ output }) => ({ f: 'increment', output }),
  },
  columns: {
    more: [
      { name: 'requests', show: (metrics) => whole(figure(metrics, 'requests')) },
      { name: 'counted', show: (metrics) => whole(figure(metrics, 'counted')) },
      { name: 'limit', show: (metrics) => whole(figure(metrics, 'limit')) },
      { name: 'served', show: (metrics) => whole(figure(metrics, 'served')) },
      { name: 'over limit', show: (metrics) => whole(figure(metrics, 'overLimit')) },
    ],
    note: () => 'counted: the session’s access count at the end. served: requests whose number was within the limit.',
  },
  witness: {
    variant: 'buggy',
    iterations: 20,
    find(steps) {
      const found = findLostCount(steps)
      // A refused request may also have a number that is too low, but it was not served.
      return found?.some(({ action }) => action === 'refuse') ? undefined : found
    },
    ...showing(({ accessCount }) => `count=${accessCount}`),
    tell(steps) {
      const number = countIn(steps.findLast(({ action }) => action === 'write')!)
      return `Both requests got number ${number}: two were served, and only one was counted.`
    },
  },
  lesson: {
    story:
      'A log-in page accepts a hundred attempts of a session. An attacker who tries passwords does not send them one by ' +
      'one, but all at once. Many of these requests read the same count, get the same number, and are served. The page’s ' +
      'own statistics say that the attacker stayed within the limit.',
    timeline: [
      ['', '', 'count=99'],
      ['request: read count=99; unlock', '', 'count=99'],
      ['', 'request: read count=99; unlock', 'count=99'],
      ['write count=100; unlock', '', 'count=100'],
      ['100 <= 100? yes, served', '', 'count=100'],
      ['', 'write count=100; unlock', 'count=100'],
      ['', '100 <= 100? yes, served', 'count=100'],
    ],
    noReturn: 2,
    outcome: 'The limit is 100, the count says 100, and 101 requests were served.',
    why:
      'The limit is compared with the count, and the count is lower than the number of requests. Each lost increment is a ' +
      'request that was not counted. The more requests arrive together, the more increments are lost. So the limit fails ' +
      'exactly when it is needed, and the attacker chooses by how much.',
    fixes:
      'Each request must get a number that no other request has: by compare-and-swap, by an atomic addition, or by one lock ' +
      'over the read and the write. The number that comes back decides whether the request is served. Then exactly as many ' +
      'requests as the limit allows are served, however many arrive at once.',
    trap:
      'Checking before counting: if the count is below the limit, serve the request and then add one atomically. No ' +
      'increment is lost and the final count is right, but all requests that checked at the same time were told that there ' +
      'is room. Decide by the number that the increment returns.',
  },
}
