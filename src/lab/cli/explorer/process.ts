/**
 * The explorer's process. It reports to the command whatever the loaded file does: the end of the job, an error that no code
 * caught, and an attempt to end the process.
 */
import { Worker } from 'node:worker_threads'
import { RacelabError } from '../../../errors.ts'
import { folderInStacks, leaveOut } from '../../../explore/run/positions.ts'
import { whereabouts } from '../../../explore/run/whereabouts.ts'
import { post } from './channel.ts'
import { EXIT_CODE } from './endings.ts'
import { exploreJob } from './explore-job.ts'
import type { ProcessTask } from './messages.ts'
import { watchAwaits } from './pending-awaits.ts'
import type { PendingAwaits } from './pending-awaits.ts'
import { replayJob } from './replay-job.ts'
import { stressJob } from './stress-job.ts'
import { WHEREABOUTS } from './watch.ts'
import type { WatchTask } from './watch.ts'

/** The functions as they are before the file is loaded. `exit` calls `reallyExit`. */
const { exit, reallyExit } = process as typeof process & { reallyExit: (code: number) => never }

/** Does the task and then ends the process, even if timers or threads of the file still run in it. */
export async function perform({ job, memory, files }: ProcessTask): Promise<void> {
  // The line where a scenario's file is must not be a line of the command.
  leaveOut(folderInStacks(new Error('here'), '../'))
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const awaits = watchAwaits()
  // Ctrl-C reaches every process of a terminal. Only the command reacts to it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  refuseExits()
  reportErrors()
  reportEmptyLoop(awaits)
  const locate = (): object => {
    const { doing, at = awaits.at() } = whereabouts()
    return { doing, at }
  }
  Reflect.set(globalThis, Symbol.for(WHEREABOUTS), locate)
  new Worker(files.watch, { workerData: { stop, memory } satisfies WatchTask, execArgv: [] }).unref()
  post({ kind: 'loading' })
  try {
    if (job.kind === 'explore') await exploreJob(job, stop, files.search, awaits.end)
    else if (job.kind === 'replay') await replayJob(job, files.replay, awaits.end)
    else await stressJob(job, files.sample, stop, awaits.end)
    post({ kind: 'done' })
  } catch (error) {
    refuse(error)
  }
  end()
}

/** Ends the process without calling the exit handlers of the file. */
function end(): never {
  process.removeAllListeners('exit')
  Object.assign(process, { reallyExit })
  return exit.call(process, 0)
}

function refuse(thrown: unknown): void {
  const code = thrown instanceof RacelabError ? thrown.code : 'ERR_RACELAB_SCENARIO_THREW'
  post({ kind: 'refused', code, message: thrown instanceof RacelabError ? thrown.message : errorText(thrown) })
}

function errorText(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
}

/**
 * Refuses calls that end the process, for code that runs outside of the scenario's functions. Inside them the explorer
 * refuses the calls itself.
 */
function refuseExits(): void {
  for (const name of ['exit', 'reallyExit', 'abort'] as const) {
    const replaced = (): never => {
      const { doing = 'The scenario’s file', at } = whereabouts()
      const message = `${doing} calls process.${name}()${at ? `, at ${at}` : ''}: it would end the exploration.`
      post({ kind: 'refused', code: EXIT_CODE, message })
      return end()
    }
    Reflect.set(process, name, replaced)
  }
}

/** Reports an error that no code catches: that of a timer, an event or a promise that the file left behind. */
function reportErrors(): void {
  process.on('uncaughtException', (error) => {
    const message = `Outside of every actor, the scenario’s file threw ${errorText(error)}`
    post({ kind: 'refused', code: 'ERR_RACELAB_SCENARIO_THREW', message })
    end()
  })
}

/** Reports a module that waits for a promise that can no longer settle. Without it the process would end without a message. */
function reportEmptyLoop(awaits: PendingAwaits): void {
  process.on('beforeExit', () => {
    const at = awaits.at()
    const message = `The scenario’s file waits for a promise that nothing is left to settle${at ? `, at ${at}` : ''}.`
    post({ kind: 'refused', code: 'ERR_RACELAB_NEVER_LOADED', message })
    end()
  })
}
