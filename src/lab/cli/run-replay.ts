/** The action of `lab replay`: replays in a separate process, as `lab explore` explores. */
import type { Divergence } from '../../explore/replay/divergence.ts'
import { replayReport } from '../../explore/report/replay-report.ts'
import { failureOf } from './explorer/endings.ts'
import { defaultMemory } from './explorer/memory-limit.ts'
import type { Replayed } from './explorer/messages.ts'
import { runJob } from './explorer/run-job.ts'
import { print, stdoutColours } from '../../terminal/print.ts'
import type { ReplayFlags } from './flags.ts'

const DEFAULT_TIMEOUT = 60

/** Replays the token and prints the recording. Throws as `runExplore` does. */
export async function runReplay(token: string, file: string | undefined, flags: ReplayFlags): Promise<void> {
  const limits = { timeout: flags.timeout ?? DEFAULT_TIMEOUT, memory: flags.memory ?? defaultMemory() }
  const job = { kind: 'replay', token, flags, ...(file === undefined ? {} : { file }) } as const
  let replayed: Replayed | undefined
  const end = await runJob(job, {
    ...limits,
    onMessage(message) {
      if (message.kind === 'replayed') replayed = message.replayed
    },
  })
  if (replayed === undefined) throw failureOf(end, limits, 'The schedule was not replayed')
  show(replayed, flags)
}

function show({ title, replay, threads }: Replayed, flags: ReplayFlags): void {
  if (flags.json) print(JSON.stringify(threads ?? replay, null, 2))
  if (replay.kind === 'diverged') return reportDivergence(replay.divergence, flags)
  if (threads?.kind === 'diverged') return reportDivergence(threads.divergence, flags)
  // On threads their own result counts. Their steps are those of the explorer's run, which also has the source lines.
  const { judgement } = threads ?? replay.recording
  process.exitCode = judgement.faults.length === 0 ? 0 : 1
  if (flags.json) return
  const name = threads === undefined ? title : `${title}, on ${threads.reports.length} threads`
  const paint = stdoutColours()
  const options = { verbose: flags.verbose === true, colours: paint, columns: process.stdout.columns }
  print(replayReport(name, { ...replay.recording, judgement }, options))
}

function reportDivergence({ message }: Divergence, { json }: ReplayFlags): void {
  if (!json) process.stderr.write(`error: the token does not fit: ${message}\n`)
  process.exitCode = 2
}
