/**
 * Replays a schedule on real worker threads, one for each actor, on real shared memory. Each shared access waits for
 * its turn, so the steps are the same, in the same order.
 */
import { Worker } from 'node:worker_threads'
import type { OperationsScenario, Scenario } from '../../scenario.ts'
import { Status } from '../model/actor.ts'
import { NativeSharedArrayBuffer } from '../model/native.ts'
import { Snapshot } from '../model/snapshot.ts'
import { TURN_BYTES } from './gate.ts'
import type { Assignment } from './gate.ts'
import { judge } from '../subject/judge.ts'
import type { EndedActor, Judgement } from '../subject/judge.ts'
import type { ActorPlan, ActorReport } from './plan.ts'
import type { Divergence } from './divergence.ts'
import { planToken } from './replay.ts'

/** How to start the threads of a replay. */
export interface ThreadOptions {
  /** The path of the file that each thread runs: `workers/replay`. */
  readonly worker: string
  /** Tells the file `worker` where to load the scenario from, because functions cannot be sent to a thread. */
  readonly source: unknown
}

/** What came of a replay on threads: the judgement and each thread's report, or the divergence. */
export type ThreadReplay =
  | { readonly kind: 'replayed'; readonly judgement: Judgement; readonly reports: readonly ActorReport[] }
  | { readonly kind: 'diverged'; readonly divergence: Divergence }

/**
 * Replays a token on threads. Rejects with TokenError and Refusal as `replay` throws them, and with Refusal if the
 * actors use shared memory that memory() did not return. Starts one worker thread for each actor.
 */
export async function replayOnThreads(
  scenario: Scenario | OperationsScenario,
  token: string,
  options: ThreadOptions,
): Promise<ThreadReplay> {
  const planned = planToken(scenario, token)
  if (planned.kind === 'diverged') return planned
  const { subject, client, plans, memory, buffers } = planned
  const turns = new NativeSharedArrayBuffer(TURN_BYTES)
  const reports = await Promise.all(plans.map((plan) => runThread({ plan, client, memory, turns, buffers }, options)))
  const divergence = firstDivergence(reports)
  if (divergence !== undefined) return { kind: 'diverged', divergence }
  const actors = reports.map((report, index) => endedActor(report, plans[index]!))
  const end = reports.some(({ hangs }) => hangs) ? 'stuck' : 'finished'
  return {
    kind: 'replayed',
    judgement: judge(subject, {
      end,
      memory: () => memory,
      actors,
      races: [],
      names: NO_NAMES,
      keepingMemory: (look) => keeping(buffers, look),
    }),
    reports,
  }
}

/** Calls `look` and then restores the buffers. */
function keeping<Result>(buffers: readonly SharedArrayBuffer[], look: () => Result): Result {
  const saved = buffers.map((buffer) => new Snapshot(buffer))
  try {
    return look()
  } finally {
    for (const snapshot of saved) snapshot.restore()
  }
}

function firstDivergence(reports: readonly ActorReport[]): Divergence | undefined {
  const diverged = reports.flatMap((report) =>
    report.diverged === null ? [] : [{ name: report.name, ...report.diverged }],
  )
  const [first] = diverged.toSorted((one, other) => one.step - other.step)
  if (first === undefined) return undefined
  const { name, step, message } = first
  return { step, message: `diverged on threads at step ${step}: ${name} left the schedule: ${message}` }
}

/** A replay on threads detects no data races, so no location needs a name. */
const NO_NAMES = { nameOf: () => '', elementNames: () => [], known: [] }

/** Runs one actor on a thread of its own, and resolves with its report. The thread is then terminated. */
function runThread(assignment: Assignment, { worker, source }: ThreadOptions): Promise<ActorReport> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(worker, { workerData: { assignment, source } })
    thread.once('message', (report: ActorReport) => {
      resolve(report)
      void thread.terminate()
    })
    thread.once('error', reject)
    thread.once('exit', (code) =>
      reject(new Error(`the thread of ${assignment.plan.name} ended without a report (${code})`)),
    )
  })
}

/** Returns an actor as the explorer would have it at the end, for `judge`. */
function endedActor({ name, result, thrown, hangs }: ActorReport, { end, events }: ActorPlan): EndedActor {
  return {
    name,
    status: hangs ? Status.WAITING : Status.FINISHED,
    spin: hangs && end === 'spinning' ? { reads: [], cut: false } : undefined,
    result,
    events,
    crashed: end === 'crashed',
    thrown: thrown === null ? undefined : { error: thrown },
  }
}
