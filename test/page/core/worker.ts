/** Runs one of the project's test files in this worker, and posts what came of each test. */
import '../../../page/node/globals.ts'
import { config } from './state.ts'
import { startTests } from 'vitest/internal/browser'
import type { File, Task, VitestRunner } from '@vitest/runner'
import { FILES } from './files.ts'

/** What came of a test: why it failed or was skipped; undefined if it passed. */
export interface Ran {
  readonly names: readonly string[]
  readonly state: 'pass' | 'fail' | 'skip'
  readonly why: string
}

export type Told = { readonly ready: true } | { readonly ran: readonly Ran[] } | { readonly broken: string }

const tell = postMessage.bind(globalThis) as (told: Told) => void

addEventListener(
  'message',
  ({ data }: MessageEvent<{ readonly file: string; readonly skipped: readonly string[] }>) => {
    void run(data.file, new Set(data.skipped)).then(
      (ran) => tell({ ran }),
      (error: Error) => tell({ broken: error.stack ?? String(error) }),
    )
  },
)
tell({ ready: true })

async function run(file: string, skipped: ReadonlySet<string>): Promise<readonly Ran[]> {
  const load = FILES[file]
  if (load === undefined) throw new Error(`${file} is not in files.ts.`)
  const runner = {
    config,
    pool: 'browser',
    importFile: load,
    onCollected(files: File[]) {
      for (const test of files.flatMap(testsIn)) if (skipped.has(namesOf(test).join(' > '))) test.mode = 'skip'
    },
  } as unknown as VitestRunner
  const ran = await startTests([file], runner)
  const errors = ran.flatMap(({ result }) => result?.errors ?? []).map(({ stack, message }) => stack ?? message)
  if (errors.length > 0) throw new Error(`${file}: ${errors.join('\n')}`)
  return ran.flatMap(testsIn).map(outcomeOf)
}

function testsIn(task: Task): Task[] {
  return task.type === 'suite' ? task.tasks.flatMap(testsIn) : [task]
}

function namesOf(task: Task): string[] {
  return task.suite === undefined || task.suite.name === '' ? [task.name] : [...namesOf(task.suite), task.name]
}

function outcomeOf(test: Task): Ran {
  const { mode, result } = test
  const names = namesOf(test)
  if (mode === 'skip' || result?.state === 'skip') return { names, state: 'skip', why: '' }
  if (result?.state === 'pass') return { names, state: 'pass', why: '' }
  const errors = result?.errors?.map(({ message, diff = '', stack = '' }) => `${message}\n${diff}\n${stack}`) ?? []
  return { names, state: 'fail', why: errors.join('\n') }
}
