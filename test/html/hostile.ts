/** A report of each kind in which every text that a user gives tries to become an element. */
import { answersAsShown } from '../../bench/harness/answers.ts'
import type { Answer } from '../../bench/harness/answers.ts'
import { checkLinearizable, register } from '../../src/check/index.ts'
import type { History } from '../../src/check/index.ts'
import { explore, replay } from '../../src/explore/index.ts'
import { answersHtml, checkedHtml, exploredHtml, runsHtml, stressedHtml } from '../../src/lab/html/index.tsx'
import { findLesson } from '../../src/lab/lessons/index.ts'
import type { LessonResult } from '../../src/lab/run-thread-lesson.ts'
import type { StressDocument } from '../../src/sampling/stress-document.ts'
import type { Scenario } from '../../src/scenario.ts'

const HOSTILE = '</script><img src=x onerror=alert(1)>'
const heading = { title: HOSTILE, about: [HOSTILE] }
const replayed = (token: string): string => `${HOSTILE} ${token}`

/** The kinds of reports, each with a hostile one. */
export function hostileReports(): Record<'run' | 'explore' | 'stress' | 'check' | 'bench', string> {
  return { run: run(), explore: explored(), stress: stressed(), check: checked(), bench: bench() }
}

const increment = (memory: Int32Array): void => void Atomics.store(memory, 0, Atomics.load(memory, 0) + 1)

const scenario = {
  name: HOSTILE,
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { [HOSTILE]: increment, bob: (memory: Int32Array) => (console.log(HOSTILE), increment(memory)) },
  names: (memory: Int32Array) => ({ [HOSTILE]: [memory, 0] }),
  observe: (memory: Int32Array) => `${HOSTILE}${memory[0]}`,
  outcomes: { [`${HOSTILE}2`]: 'acceptable', [`${HOSTILE}1`]: ['forbidden', HOSTILE] },
} as unknown as Scenario

function failures() {
  // The time that it takes is no part of a report, and would differ.
  const exploration = { ...explore(scenario), elapsedMs: 0 }
  const shown = exploration.failures.map((failure) => {
    const again = replay(scenario, failure.token)
    if (again.kind !== 'replayed') throw new Error(again.divergence.message)
    return { failure, recording: again.recording }
  })
  return { exploration, failures: shown }
}

function explored(): string {
  return exploredHtml(heading, {
    explored: [
      { ...failures(), file: HOSTILE, replay: replayed },
      { ...failures(), sound: true },
    ],
    verdict: HOSTILE,
  })
}

function stressed(): string {
  const share = { share: 0.5, low: 0.4, high: 0.6, count: 5 }
  const document: StressDocument = {
    schema: 1,
    scenario: HOSTILE,
    variant: HOSTILE,
    samples: 10,
    threads: 2,
    verdict: 'fail',
    outcomes: { [HOSTILE]: { ...share, grade: 'forbidden', description: HOSTILE } },
    failures: [{ ...share, kind: 'exception', message: HOSTILE, outcome: null, where: [HOSTILE] }],
    note: HOSTILE,
    stopped: HOSTILE,
    elapsedMs: 1,
    impossible: [HOSTILE],
    compared: { unseen: [HOSTILE], unpredicted: [], doubt: HOSTILE, complete: true, schedules: 4 },
  }
  return stressedHtml(heading, [{ document, found: failures().failures[0], none: HOSTILE, replay: replayed }])
}

function checked(): string {
  const history: History = [
    { process: HOSTILE, f: 'write', input: HOSTILE, called: 0, returned: 2 },
    { process: 1, f: 'read', output: HOSTILE, called: 1, returned: 3 },
    { process: 1, f: 'read', output: `other ${HOSTILE}`, called: 4, returned: 5 },
  ]
  const { failure } = checkLinearizable(history, register)
  const about = { schema: 1, file: HOSTILE, model: HOSTILE, operations: 3, partitions: 1, elapsedMs: 0 } as const
  return checkedHtml(heading, [
    { document: { ...about, verdict: 'not-linearizable', ...(failure === undefined ? {} : { failure }) }, history },
    { document: { ...about, verdict: 'error', error: { code: 'E', message: HOSTILE } }, history: undefined },
  ])
}

function run(): string {
  const lesson = findLesson('lost-update')
  const result: LessonResult = {
    bug: lesson.name,
    workers: 2,
    threads: 2,
    variants: [
      {
        variant: HOSTILE,
        sound: false,
        verdict: 'broke',
        violations: 1,
        expected: 2,
        actual: 1,
        opsPerSecond: 1,
        latencyMicroseconds: { p50: 1, p95: 2, p99: 3 },
        metrics: { retries: 0, keysArrived: 1, keysExpected: 2 },
      },
    ],
    witness: {
      variant: HOSTILE,
      told: HOSTILE,
      steps: [1, 2].map((thread) => ({ time: thread, thread, action: HOSTILE, detail: HOSTILE, store: HOSTILE })),
    },
    elapsedMs: 1,
  }
  return runsHtml(heading, [{ lesson, result }])
}

function bench(): string {
  const figure = { median: 1, low: 1, high: 1 }
  const plot = {
    title: HOSTILE,
    x: { title: HOSTILE },
    y: { title: HOSTILE },
    series: [
      {
        name: HOSTILE,
        points: [
          { x: 1, y: figure },
          { x: 2, y: figure },
        ],
      },
    ],
  }
  const answer = {
    bench: { name: HOSTILE, question: HOSTILE, show: () => HOSTILE, timings: () => [], plots: () => [plot] },
    data: undefined,
  } as unknown as Answer
  const limits = { spread: 0.1, shareOfNoisyFigures: 0.25, loadPerCore: 0.5 }
  const noise = { tooNoisy: false, figures: 1, noisyFigures: 0, loadPerCore: 0, limits }
  return answersHtml(heading, answersAsShown([answer], noise))
}
