/** Runs one of the project's test files in this worker, and posts what came of each test. */
import '../../../page/node/globals.ts'
import { config } from './state.ts'
import { startTests } from 'vitest/internal/browser'
import type { RunnerTask as Task, RunnerTestFile as File } from 'vitest'
import { FILES } from './files.ts'
import { SKIPS } from './skips.ts'

/** What came of a test, and why it failed or was skipped. */
export interface Ran {
  /** Its name behind those of its groups. */
  readonly name: string
  readonly state: 'pass' | 'fail' | 'skip'
  readonly why: string
}

/** What the worker posts: the paths of the files when it is ready, and then what came of the file that it was sent. */
export type Told =
  | { readonly files: readonly string[] }
  | { readonly ran: readonly Ran[] }
  | { readonly broken: string }

const tell = postMessage.bind(globalThis) as (told: Told) => void

addEventListener('message', ({ data }: MessageEvent<string>) => {
  void run(data).then(
    (ran) => tell({ ran }),
    (error: Error) => tell({ broken: error.stack ?? String(error) }),
  )
})
tell({ files: Object.keys(FILES) })

async function run(path: string): Promise<readonly Ran[]> {
  const name = path.slice('../../'.length, -'.test.ts'.length)
  const skips = SKIPS[name] ?? []
  const reasons = new Map<Task, string>()
  const runner = {
    config,
    pool: 'browser',
    importFile: FILES[path],
    onCollected(files: File[]) {
      const tests = files.flatMap(testsIn)
      for (const [pattern, why] of skips) {
        const skipped = tests.filter((test) => pattern.test(nameOf(test)))
        if (skipped.length === 0) throw new Error(`No test of ${name} is called ${pattern}: see skips.ts.`)
        for (const test of skipped) {
          test.mode = 'skip'
          reasons.set(test, why)
        }
      }
    },
  } as unknown as Parameters<typeof startTests>[1]
  const ran = await startTests([path], runner)
  const errors = ran.flatMap(({ result }) => result?.errors ?? []).map(({ stack, message }) => stack ?? message)
  if (errors.length > 0) throw new Error(`${path}: ${errors.join('\n')}`)
  return ran.flatMap(testsIn).map((test) => outcomeOf(test, reasons.get(test)))
}

function testsIn(task: Task): Task[] {
  return task.type === 'suite' ? task.tasks.flatMap(testsIn) : [task]
}

function nameOf({ suite, name }: Task): string {
  return suite === undefined || suite.name === '' ? name : `${nameOf(suite)} > ${name}`
}

function outcomeOf(test: Task, reason = 'the test skips itself'): Ran {
  const { mode, result } = test
  const name = nameOf(test)
  if (mode === 'skip' || result?.state === 'skip') return { name, state: 'skip', why: reason }
  if (result?.state === 'pass') return { name, state: 'pass', why: '' }
  const errors = result?.errors?.map(({ message, diff = '', stack = '' }) => `${message}\n${diff}\n${stack}`) ?? []
  return { name, state: 'fail', why: errors.join('\n') }
}
