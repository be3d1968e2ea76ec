/** What may be chosen of a run, and how it stands in the address. */
import { findThreadLesson, findVariant, threadLessons, UnknownNameError } from '../../src/lab/lessons/index.ts'
import type { ThreadLesson } from '../../src/lab/lessons/lesson.ts'
import { GapError, parseGap } from '../../src/stress/gap.ts'
import type { RunRequest } from './threads/messages.ts'

export const MOST_WORKERS = 16
const WORKERS = 4

export interface Choices {
  readonly lesson: ThreadLesson
  /** The names of the variants to run, in the lesson's order. */
  readonly variants: readonly string[]
  readonly workers: number
  readonly iterations: number
  /** As `--gap` takes it. */
  readonly gap: string
}

/** Returns what a lesson is run with if nothing is chosen. */
export function defaultsOf(lesson: ThreadLesson): Choices {
  const { iterations, gap } = lesson.load
  return { lesson, variants: lesson.variants.map(({ name }) => name), workers: WORKERS, iterations, gap }
}

/** Returns the most operations of a worker that the page offers. The database in shared memory searches its rows one by one. */
export function mostIterations({ load, uses }: ThreadLesson): number {
  return load.iterations * (uses.includes('database') ? 10 : 100)
}

/** Returns the choices in an address, and a sentence on each that cannot be used. */
export function choicesIn(state: URLSearchParams): {
  readonly choices: Choices
  readonly complaints: readonly string[]
} {
  const complaints: string[] = []
  const read = <Value>(name: string, parse: (text: string) => Value, otherwise: Value): Value => {
    const text = state.get(name)
    if (text === null) return otherwise
    try {
      return parse(text)
    } catch (misuse) {
      if (!(misuse instanceof Unusable || misuse instanceof UnknownNameError || misuse instanceof GapError))
        throw misuse
      complaints.push(misuse.message)
      return otherwise
    }
  }
  const lesson = read('bug', bugNamed, threadLessons[0]!)
  const defaults = defaultsOf(lesson)
  const choices = {
    lesson,
    variants: read('variants', (text) => variantsNamed(lesson, text), defaults.variants),
    workers: read('workers', (text) => numberUpTo(MOST_WORKERS, 'workers', text), defaults.workers),
    iterations: read(
      'iterations',
      (text) => numberUpTo(mostIterations(lesson), 'iterations', text),
      defaults.iterations,
    ),
    gap: read('gap', checkedGap, defaults.gap),
  }
  return { choices, complaints }
}

/** Returns what the address must say of the choices: the bug, and what is not its default. */
export function stateOf({ lesson, variants, workers, iterations, gap }: Choices): Record<string, string | undefined> {
  const defaults = defaultsOf(lesson)
  return {
    bug: lesson.name,
    variants: variants.length === defaults.variants.length ? undefined : variants.join(','),
    workers: workers === defaults.workers ? undefined : String(workers),
    iterations: iterations === defaults.iterations ? undefined : String(iterations),
    gap: gap === defaults.gap ? undefined : gap,
  }
}

/** Returns the run that is chosen. */
export function requestOf({ lesson, gap, ...rest }: Choices): RunRequest {
  return { ...rest, bug: lesson.name, gap: parseGap(gap) }
}

/** A part of the address cannot be used; the message says why. */
class Unusable extends Error {}

function bugNamed(name: string): ThreadLesson {
  if (name !== 'express-session') return findThreadLesson(name)
  throw new Unusable(
    'The agents of express-session are requests to a real server. Run it in a terminal: npx racelab --bug express-session.',
  )
}

function variantsNamed(lesson: ThreadLesson, text: string): string[] {
  const names = new Set(text.split(',').map((name) => findVariant(lesson, name).name))
  return lesson.variants.map(({ name }) => name).filter((name) => names.has(name))
}

function numberUpTo(most: number, what: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= most) return number
  throw new Unusable(`The number of ${what} is "${text}"; it must be a whole number from 1 to ${most}.`)
}

function checkedGap(text: string): string {
  parseGap(text)
  return text
}
