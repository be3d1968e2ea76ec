/**
 * The explorer's process. Whatever the file does that is loaded in it, the command hears of it: of its end, of what was
 * thrown past everything, and of each attempt to end the process.
 */
import { Worker } from 'node:worker_threads'
import { RacelabError } from '../../../errors.ts'
import { whereabouts } from '../../../explore/run/whereabouts.ts'
import { post } from './channel.ts'
import { exploreJob } from './explore-job.ts'
import type { Task } from './messages.ts'
import { type PendingAwaits, watchAwaits } from './pending-awaits.ts'
import { replayJob } from './replay-job.ts'
import { WHEREABOUTS, type Watching } from './watch.ts'

/** As they are before the file is loaded. `exit` ends in `reallyExit`. */
const { exit, reallyExit } = process as typeof process & { reallyExit: (code: number) => never }

/** Carries the task out. The process ends with it, whatever else still runs in it. */
export async function perform({ job, memory, files }: Task): Promise<void> {
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const awaits = watchAwaits()
  // Ctrl-C reaches every process of a terminal; the command is the one that answers.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  refuseExits()
  tellOfErrors()
  tellOfEmptyLoop(awaits)
  const place = (): object => {
    const { doing, at = awaits.at() } = whereabouts()
    return { doing, at }
  }
  Reflect.set(globalThis, Symbol.for(WHEREABOUTS), place)
  new Worker(files.watch, { workerData: { stop, memory } satisfies Watching, execArgv: [] }).unref()
  post({ kind: 'loading' })
  try {
    if (job.kind === 'explore') await exploreJob(job, stop, awaits.end)
    else await replayJob(job, files.replay, awaits.end)
    post({ kind: 'done' })
  } catch (error) {
    refuse(error)
  }
  end()
}

/** Ends the process without what the file wants to be called at its end. */
function end(): never {
  process.removeAllListeners('exit')
  Object.assign(process, { reallyExit })
  return exit.call(process, 0)
}

function refuse(thrown: unknown): void {
  const code = thrown instanceof RacelabError ? thrown.code : 'ERR_RACELAB_SCENARIO_THREW'
  post({ kind: 'refused', code, message: thrown instanceof RacelabError ? thrown.message : textOf(thrown) })
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
}

/** Actors, observe() and the like are refused by the explorer itself; this is for what runs outside of them. */
function refuseExits(): void {
  for (const name of ['exit', 'reallyExit', 'abort'] as const) {
    const replaced = (): never => {
      const { doing = 'The scenario’s file', at } = whereabouts()
      const message = `${doing} calls process.${name}()${at ? `, at ${at}` : ''}: it would end the exploration.`
      post({ kind: 'refused', code: 'ERR_RACELAB_EXIT', message })
      return end()
    }
    Reflect.set(process, name, replaced)
  }
}

/** A timer, an event or a promise that the file left behind: nobody catches what is thrown there. */
function tellOfErrors(): void {
  process.on('uncaughtException', (error) => {
    const message = `Outside of every actor, the scenario’s file threw ${textOf(error)}`
    post({ kind: 'refused', code: 'ERR_RACELAB_SCENARIO_THREW', message })
    end()
  })
}

/** A module that waits for what never comes, and nothing else that runs: it would end without a word. */
function tellOfEmptyLoop(awaits: PendingAwaits): void {
  process.on('beforeExit', () => {
    const at = awaits.at()
    const message = `The scenario’s file waits for a promise that nothing is left to settle${at ? `, at ${at}` : ''}.`
    post({ kind: 'refused', code: 'ERR_RACELAB_NEVER_LOADED', message })
    end()
  })
}
