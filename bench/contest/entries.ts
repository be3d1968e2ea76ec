/** Who takes part where: contestants by their kind, and the Rust program. */
import type { Contestant } from '../peers/contestant.ts'
import type { Entry } from './contest.ts'
import { makeIds } from './ids.ts'
import { enterInProcess } from './in-process.ts'
import { enterOnThreads } from './on-threads.ts'
import type { Rust } from './rust.ts'

/** The bundles that threads and processes run. */
export interface Files {
  readonly thread: string
  readonly child: string
}

const FLAG = '--harmony-struct'

export function entryOf(contestant: Contestant, files: Files): Entry {
  const { name, role, note } = contestant
  return {
    name,
    role,
    note,
    version: contestant.version(),
    // Whoever needs a flag needs a process that was started with it.
    enter: (setting) =>
      role === 'beside'
        ? enterInProcess(process.execPath, [FLAG, files.child, name, JSON.stringify(setting), files.thread])
        : enterOnThreads(contestant, setting, makeIds(setting.sessions), files.thread),
  }
}

export function rustEntry({ version, program }: Rust): Entry {
  return {
    name: 'Rust, RwLock<HashMap>',
    role: 'beside',
    version: `rustc ${version}`,
    note: 'the same session manager in Rust, one lock around the map; a change locks it',
    enter: ({ operation, sessions, threads }) => enterInProcess(program, [operation, `${sessions}`, `${threads}`]),
  }
}
