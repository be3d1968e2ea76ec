/**
 * Executes the JavaScript of a program step by step in a random order, to test the oracle against the language itself.
 * The functions become generators that yield before each access; memory is an array.
 */
import { Script } from 'node:vm'

import type { Program } from './program.ts'
import { declarationsOf } from './text.ts'

interface Request {
  readonly op: string
  readonly args: readonly number[]
}

type Run = Generator<Request, number[], number | string>

interface Walker {
  readonly name: string
  readonly run: Run
  pending: Request | undefined
  asleep: boolean
  result: number[] | undefined
}

/** The result of a walk: an outcome's key, or DEADLOCK if only sleepers are left; undefined if the walk was cut off. */
export type Walk = string | undefined

export const DEADLOCK = 'deadlock'

const MOST_STEPS = 300

/** Returns the program's actors as generator functions. */
export function steppable(program: Program): () => Record<string, (words: string) => Run> {
  const stepped = declarationsOf(program)
    .replaceAll('function ', 'function* ')
    .replaceAll(/Atomics\.(\w+)\(w, ([^()]*)\)/g, "(yield { op: '$1', args: [$2] })")
    .replaceAll(/w\[(\d)\] = ([^;)]+)/g, "yield { op: 'write', args: [$1, $2] }")
    .replaceAll(/w\[(\d)\]/g, "(yield { op: 'read', args: [$1] })")
    .replaceAll(/(help\d\(w\));/g, 'yield* $1;')
  const names = program.actors.map((_, index) => `actor${index}`).join(', ')
  return new Script(`() => {\n${stepped}\nreturn { ${names} }\n}`).runInThisContext() as ReturnType<typeof steppable>
}

/** Executes the program once. `draw(n)` returns a random number below n. */
export function walk(
  program: Program,
  actors: Record<string, (words: string) => Run>,
  draw: (n: number) => number,
): Walk {
  const memory = [...program.memory]
  const queues: Walker[][] = memory.map(() => [])
  const walkers = Object.entries(actors).map(([name, act]): Walker => {
    return { name, run: act('w'), pending: undefined, asleep: false, result: undefined }
  })
  for (const walker of walkers) goOn(walker, 0)
  for (let step = 0; step < MOST_STEPS; step++) {
    const able = walkers.filter(
      ({ pending, asleep }) => pending !== undefined && (!asleep || pending.args.length === 3),
    )
    const walker = able[draw(able.length)]
    if (walker === undefined) {
      if (walkers.some(({ asleep }) => asleep)) return DEADLOCK
      return JSON.stringify([memory, Object.fromEntries(walkers.map(({ name, result }) => [name, result]))])
    }
    stepOf(walker, memory, queues)
  }
  return undefined
}

function goOn(walker: Walker, answer: number | string): void {
  const { done, value } = walker.run.next(answer)
  walker.asleep = false
  walker.pending = done === true ? undefined : value
  if (done === true) walker.result = value
}

function stepOf(walker: Walker, memory: number[], queues: Walker[][]): void {
  const { op, args } = walker.pending!
  const [word = 0, first = 0, second = 0] = args
  const queue = queues[word]!
  if (walker.asleep) {
    queue.splice(queue.indexOf(walker), 1)
    goOn(walker, 'timed-out')
  } else if (op === 'wait') {
    if (memory[word] !== first) return goOn(walker, 'not-equal')
    walker.asleep = true
    queue.push(walker)
  } else if (op === 'notify') {
    const woken = queue.splice(0, first)
    for (const sleeper of woken) goOn(sleeper, 'ok')
    goOn(walker, woken.length)
  } else {
    // Atomics itself carries the access out, on memory that is not shared.
    const cell = Int32Array.of(memory[word]!)
    const answer = inCell(cell, op, first, second)
    memory[word] = cell[0]!
    goOn(walker, answer)
  }
}

function inCell(cell: Int32Array, op: string, first: number, second: number): number {
  switch (op) {
    case 'load':
    case 'read':
      return Atomics.load(cell, 0)
    case 'store':
    case 'write':
      return Atomics.store(cell, 0, first)
    case 'add':
      return Atomics.add(cell, 0, first)
    case 'or':
      return Atomics.or(cell, 0, first)
    case 'xor':
      return Atomics.xor(cell, 0, first)
    case 'exchange':
      return Atomics.exchange(cell, 0, first)
    case 'compareExchange':
      return Atomics.compareExchange(cell, 0, first, second)
    default:
      throw new Error(`the walk knows no ${op}`)
  }
}
