/** What `lab explore` does. */
import { writeFileSync } from 'node:fs'
import { RacelabError } from '../errors.ts'
import { explore } from '../explore/explore.ts'
import type { ExploreOptions } from '../explore/options.ts'
import { replay } from '../explore/replay.ts'
import type { Exploration, Verdict } from '../explore/result.ts'
import { colours } from '../report/colours.ts'
import { type ShownFailure, explorationReport } from '../report/exploration-report.ts'
import { junit } from '../report/junit.ts'
import { verdictTable } from '../report/verdict-table.ts'
import { COMMAND } from './command.ts'
import type { ExploreFlags } from './explore.ts'
import { print } from './print.ts'
import { type Subject, withSubjects } from './subjects.ts'

class MisuseError extends RacelabError {
  readonly code = 'ERR_RACELAB_MISUSE'
}

/** Schedules by PCT after a reduction that did not come to its end. */
const SECOND_LOOK = 500

export async function runExplore(target: string, flags: ExploreFlags): Promise<void> {
  if (flags.preemptions !== undefined && flags.strategy !== undefined && flags.strategy !== 'dfs') {
    throw new MisuseError(
      `--preemptions goes with --strategy dfs, not ${flags.strategy}: under a bound, reduction would miss schedules.`,
    )
  }
  await withSubjects(target, flags.variant, (subjects) => {
    const explored = subjects.map((subject) => ({
      subject,
      exploration: exploreSubject(subject, flags),
    }))
    const explorations = explored.map(({ exploration }) => exploration)
    if (flags.junit !== undefined) write(flags.junit, junit(explorations))
    process.exitCode = exitCodeOf(explorations)
    if (flags.json) return print(JSON.stringify(explorations, null, 2))
    const paint = colours(process.stdout.isTTY && !process.env['NO_COLOR'])
    for (const { subject, exploration } of explored) {
      const failures = exploration.failures.map((failure): ShownFailure => shown(subject, failure, target))
      print(`${explorationReport(exploration, failures, { verbose: flags.verbose === true, colours: paint })}\n`)
    }
    const declared = explored.map(({ subject: { sound }, exploration }) => ({ sound, exploration }))
    if (explored.length > 1) print(verdictTable(declared, paint))
  })
}

/**
 * A reduction that cannot come to its end in time has looked at one corner of the space only. Then, unless a strategy was
 * asked for, PCT has a go: it finds most bugs within a few schedules, and passes nothing.
 */
function exploreSubject(subject: Subject, flags: ExploreFlags): Exploration {
  const options = optionsFor(subject, flags)
  const exploration = explore(subject.scenario, options)
  const chosen = flags.strategy !== undefined || flags.preemptions !== undefined || flags.maxSchedules !== undefined
  if (exploration.verdict !== 'inconclusive' || chosen) return exploration
  const drawn = explore(subject.scenario, { ...options, strategy: 'pct', maxSchedules: SECOND_LOOK })
  return drawn.verdict === 'fail' ? drawn : exploration
}

function optionsFor(subject: Subject, flags: ExploreFlags): ExploreOptions {
  const { strategy, preemptions, maxSchedules, maxSteps, spinRounds, timeout, seed, allFailures, races } = flags
  const given = { strategy, preemptions, maxSchedules, maxSteps, spinRounds, timeout, seed, allFailures }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as ExploreOptions
  return {
    ...set,
    dataRaces: races,
    subject: subject.id,
    ...(subject.variant === null ? {} : { variant: subject.variant }),
  }
}

function shown({ scenario, variant, id }: Subject, failure: ShownFailure['failure'], target: string): ShownFailure {
  const replayed = replay(scenario, failure.token)
  // Made a moment ago, by the same process, of the same functions.
  if (replayed.kind === 'diverged')
    throw new MisuseError(`The scenario changes as it runs: ${replayed.divergence.message}`)
  const where = id === '' ? ` ${target}${variant === null ? '' : ` --variant ${variant}`}` : ''
  return { failure, recording: replayed.recording, command: `${COMMAND} replay ${failure.token}${where}` }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new MisuseError(`${file} cannot be written: ${(error as Error).message}`, { cause: error })
  }
}

/** The worst of all: an error hides a failure, which hides what is inconclusive. */
function exitCodeOf(explorations: readonly Exploration[]): number {
  const codes: { readonly [Each in Verdict]: number } = { error: 2, fail: 1, inconclusive: 3, pass: 0 }
  const order: readonly Verdict[] = ['error', 'fail', 'inconclusive']
  const worst = order.find((verdict) => explorations.some((each) => each.verdict === verdict))
  return worst === undefined ? 0 : codes[worst]
}
