/** `npm run bench -- --peers`: runs all contests, one after the other. */
import { OPERATIONS } from '../peers/implementation.ts'
import type { Operation } from '../peers/implementation.ts'
import { implementations } from '../peers/index.ts'
import { checkInstalled } from '../peers/packages.ts'
import { runContest } from './contest.ts'
import type { Contest, Competitor, Pace } from './contest.ts'
import { competitorOf, rustCompetitor } from './competitors.ts'
import type { Files } from './competitors.ts'
import { compileRust } from './rust.ts'
import type { Rust } from './rust.ts'
import { threadFiles } from './thread-files.ts'

const THREADS = 2
const FEW = 10_000
const MANY = 1_000_000
const RUST_OPERATIONS: readonly Operation[] = ['increment', 'get', 'look', 'key', 'set']

export interface Skipped {
  readonly implementation: string
  readonly reason: string
}

export interface AllContests {
  readonly contests: readonly Contest[]
  readonly skipped: readonly Skipped[]
}

/** Runs the contests of all operations. Rejects with PeersNotInstalledError when the peers' packages are missing. */
export async function allContests(pace: Pace): Promise<AllContests> {
  checkInstalled()
  const rust = compileRust()
  try {
    return await contestsWith(rust, await threadFiles(), pace)
  } finally {
    rust?.remove()
  }
}

async function contestsWith(rust: Rust | undefined, files: Files, pace: Pace): Promise<AllContests> {
  const skipped: Skipped[] = rust ? [] : [{ implementation: 'Rust', reason: 'no rustc on the PATH' }]
  const ready = implementations.filter(({ name, missing }) => {
    const reason = missing?.()
    if (reason !== undefined) skipped.push({ implementation: name, reason })
    return reason === undefined
  })
  const rustCompetitors = rust ? [rustCompetitor(rust)] : []
  const contests: Contest[] = []
  for (const operation of OPERATIONS) {
    const here = ready
      .filter(({ operations }) => operations.includes(operation))
      .map((each) => competitorOf(each, files))
    const competitors = RUST_OPERATIONS.includes(operation) ? [...here, ...rustCompetitors] : here
    contests.push(await runContest({ operation, sessions: FEW, threads: THREADS }, competitors, pace))
  }
  // Only racelab and Rust have contests with a million sessions: filling the peers would take minutes.
  const large: readonly Competitor[] = [
    ...ready.filter(({ role }) => role === 'ours').map((each) => competitorOf(each, files)),
    ...rustCompetitors,
  ]
  for (const operation of RUST_OPERATIONS) {
    contests.push(await runContest({ operation, sessions: MANY, threads: THREADS }, large, pace))
  }
  return { contests, skipped }
}
