/** `npm run bench -- --peers`: all contests, one after the other. */
import { OPERATIONS, type Operation } from '../peers/contestant.ts'
import { contestants } from '../peers/index.ts'
import { checkInstalled } from '../peers/packages.ts'
import { type Contest, type Entry, type Pace, runContest } from './contest.ts'
import { type Files, entryOf, rustEntry } from './entries.ts'
import { type Rust, compileRust } from './rust.ts'
import { threadFiles } from './thread-files.ts'

const THREADS = 2
const FEW = 10_000
const MANY = 1_000_000
const AGAINST_RUST: readonly Operation[] = ['increment', 'get', 'set']

export interface Skipped {
  readonly contestant: string
  readonly why: string
}

export interface AllContests {
  readonly contests: readonly Contest[]
  readonly skipped: readonly Skipped[]
}

/** Throws PeersNotInstalledError. */
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
  const skipped: Skipped[] = rust ? [] : [{ contestant: 'Rust', why: 'no rustc on the PATH' }]
  const ready = contestants.filter(({ name, missing }) => {
    const why = missing?.()
    if (why !== undefined) skipped.push({ contestant: name, why })
    return why === undefined
  })
  const rustEntries = rust ? [rustEntry(rust)] : []
  const contests: Contest[] = []
  for (const operation of OPERATIONS) {
    const here = ready.filter(({ operations }) => operations.includes(operation)).map((each) => entryOf(each, files))
    const entries = AGAINST_RUST.includes(operation) ? [...here, ...rustEntries] : here
    contests.push(await runContest({ operation, sessions: FEW, threads: THREADS }, entries, pace))
  }
  // A million sessions are racelab's and Rust's: the peers would take minutes to be filled.
  const large: readonly Entry[] = [
    ...ready.filter(({ role }) => role === 'ours').map((each) => entryOf(each, files)),
    ...rustEntries,
  ]
  for (const operation of AGAINST_RUST) {
    contests.push(await runContest({ operation, sessions: MANY, threads: THREADS }, large, pace))
  }
  return { contests, skipped }
}
