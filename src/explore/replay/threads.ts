/**
 * Replays a schedule on real worker threads, gated at each shared access: the same steps in the same order, carried out by
 * as many threads as there are actors, on the real memory.
 */
import { Worker } from 'node:worker_threads'
import type { Scenario } from '../../scenario.ts'
import { Actor, Status } from '../model/actor.ts'
import { NativeSharedArrayBuffer } from '../model/native.ts'
import { CONTROL_BYTES } from './gate.ts'
import type { Assignment } from './gate.ts'
import { judge } from '../subject/judge.ts'
import type { Judgement } from '../subject/judge.ts'
import type { ActorReport } from './plan.ts'
import { planToken } from './replay.ts'
import type { Divergence } from './replay.ts'

export interface ThreadOptions {
  /** The file that a thread starts: workers/replay. */
  readonly worker: string
  /** Where a thread finds the scenario: functions cannot be sent. */
  readonly source: ScenarioSource
}

export type ScenarioSource =
  | { readonly kind: 'file'; readonly url: string; readonly name: string }
  | { readonly kind: 'bug'; readonly bug: string; readonly variant: string }

export type ThreadReplay =
  | { readonly kind: 'replayed'; readonly judgement: Judgement; readonly reports: readonly ActorReport[] }
  | { readonly kind: 'diverged'; readonly divergence: Divergence }

/** Throws TokenError and Refusal as `replay` does. */
export async function replayOnThreads(
  scenario: Scenario,
  token: string,
  options: ThreadOptions,
): Promise<ThreadReplay> {
  const planned = planToken(scenario, token)
  if (planned.kind === 'diverged') return planned
  const { plans, memory, buffers } = planned
  const control = new NativeSharedArrayBuffer(CONTROL_BYTES)
  const reports = await Promise.all(plans.map((plan) => runThread({ plan, memory, control, buffers }, options)))
  const divergence = firstDivergence(reports)
  if (divergence !== undefined) return { kind: 'diverged', divergence }
  const actors = reports.map((report, index) => endedActor(report, index))
  const end = reports.some(({ hangs }) => hangs) ? 'stuck' : 'finished'
  return {
    kind: 'replayed',
    judgement: judge(scenario, { end, memory: () => memory, actors, races: [], names: NO_NAMES }),
    reports,
  }
}

function firstDivergence(reports: readonly ActorReport[]): Divergence | undefined {
  const lost = reports.flatMap(({ name, diverged }) => (diverged === null ? [] : [{ name, ...diverged }]))
  const [first] = lost.toSorted((one, other) => one.step - other.step)
  if (first === undefined) return undefined
  const { name, step, message } = first
  return { step, message: `diverged on threads at step ${step}: ${name} went another way: ${message}` }
}

/** Threads look for no data races, so no place is named. */
const NO_NAMES = { nameOf: () => '', elementNames: () => [] }

/** One thread for one actor; it is gone when its report is there. */
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

/** An actor as it would stand on the explorer, for judging. */
function endedActor({ name, result, thrown, hangs }: ActorReport, index: number): Actor {
  const actor = new Actor(index, name, () => undefined)
  actor.status = hangs ? Status.WAITING : Status.FINISHED
  actor.result = result
  actor.thrown = thrown === null ? undefined : { error: thrown }
  return actor
}
