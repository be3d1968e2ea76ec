/** The competitors of a contest: the implementations, on threads or in a process, and the Rust program. */
import type { Implementation } from '../peers/implementation.ts'
import type { Competitor } from './contest.ts'
import { makeIds } from './ids.ts'
import { startInProcess } from './in-process.ts'
import { startOnThreads } from './on-threads.ts'
import type { Rust } from './rust.ts'

/** Paths of the bundles that threads and processes run. */
export interface Files {
  readonly thread: string
  readonly child: string
}

const FLAG = '--harmony-struct'

export function competitorOf(implementation: Implementation, files: Files): Competitor {
  const { name, role, note } = implementation
  return {
    name,
    role,
    note,
    version: implementation.version(),
    // An implementation with the role `beside` may need the flag, which only a new process can have.
    start: (setting) =>
      role === 'beside'
        ? startInProcess(process.execPath, [FLAG, files.child, name, JSON.stringify(setting), files.thread])
        : startOnThreads(implementation, setting, makeIds(setting.sessions), files.thread),
  }
}

export function rustCompetitor({ version, program }: Rust): Competitor {
  return {
    name: 'Rust, RwLock<HashMap>',
    role: 'beside',
    version: `rustc ${version}`,
    note: 'the same session manager in Rust, with one lock around the map that a change holds',
    start: ({ operation, sessions, threads }) => startInProcess(program, [operation, `${sessions}`, `${threads}`]),
  }
}
