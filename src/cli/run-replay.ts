/** What `lab replay` does. */
import { type Divergence, replay } from '../explore/replay.ts'
import { replayOnThreads } from '../explore/threads.ts'
import { decodeToken } from '../explore/token.ts'
import { type Colours, colours } from '../report/colours.ts'
import { endingReport, replayReport } from '../report/replay-report.ts'
import { workerFile } from '../stress/worker-file.ts'
import { print } from './print.ts'
import type { ReplayFlags } from './replay.ts'
import { NoScenarioError, type Subject, subjectOfId, withSubjects } from './subjects.ts'

export async function runReplay(token: string, file: string | undefined, flags: ReplayFlags): Promise<void> {
  const { subject } = decodeToken(token)
  const show = flags.on === 'threads' ? showThreads : showExplorer
  if (file !== undefined) return withSubjects(file, flags.variant, ([found]) => show(found as Subject, token, flags))
  if (subject === '')
    throw new NoScenarioError('The token does not name a bug of the lab: name the file of its scenario.')
  return show(subjectOfId(subject), token, flags)
}

function showExplorer({ scenario }: Subject, token: string, flags: ReplayFlags): void {
  const replayed = replay(scenario, token)
  if (flags.json) print(JSON.stringify(replayed, null, 2))
  if (replayed.kind === 'diverged') return complain(replayed.divergence, flags)
  const { recording } = replayed
  process.exitCode = recording.judgement.faults.length === 0 ? 0 : 1
  if (!flags.json)
    print(replayReport(scenario.name, recording, { verbose: flags.verbose === true, colours: painting() }))
}

async function showThreads(subject: Subject, token: string, flags: ReplayFlags): Promise<void> {
  const { scenario, source } = subject
  const worker = await workerFile('replay')
  const replayed = await replayOnThreads(scenario, token, { worker, source })
  if (flags.json) print(JSON.stringify(replayed, null, 2))
  if (replayed.kind === 'diverged') return complain(replayed.divergence, flags)
  process.exitCode = replayed.judgement.faults.length === 0 ? 0 : 1
  if (!flags.json)
    print(endingReport(`${scenario.name}, on ${replayed.reports.length} threads`, replayed.judgement, painting()))
}

function complain({ message }: Divergence, { json }: ReplayFlags): void {
  if (!json) process.stderr.write(`error: the token does not fit: ${message}\n`)
  process.exitCode = 2
}

function painting(): Colours {
  return colours(process.stdout.isTTY && !process.env['NO_COLOR'])
}
