/**
 * The clients of one size: all ways to give a number of calls to a number of threads. Threads are alike, so of the
 * clients that differ only in which thread makes which calls there is one. Where there are many clients, some are drawn
 * at random.
 */
import { randomNumbers } from '../model/random-numbers.ts'

/** The calls of each thread that makes any, as indexes in the list of all calls. */
export type Threads = readonly (readonly number[])[]

/** What the clients of all sizes have in common. */
export interface Bounds {
  /** The number of different calls. */
  readonly calls: number
  /** The largest number of threads, and of calls of one thread. */
  readonly threads: number
  readonly each: number
  /** Whether there is such a client. Default: there are all. */
  readonly isClient?: (threads: Threads) => boolean
}

/** The clients of one size. */
export interface Size {
  /** The number of calls that all threads of a client make together. */
  readonly calls: number
  /** The number of clients; undefined if it is not known. */
  readonly clients: number | undefined
  /** The number of clients that are explored: all, or those that are drawn. */
  readonly explored: number
  /** Whether only some of the clients are explored, which are drawn at random. */
  readonly drawn: boolean
  /** Returns the clients that are explored, those with fewer threads first. */
  members(): Iterable<Threads>
}

/** Up to this number, all clients of a size are explored. Of more, `DRAWN` are drawn. */
const FEW = 10_000
const DRAWN = 1000

/** Returns the sizes, the smallest first. */
export function sizesOf(bounds: Bounds, seed: number, few = FEW, drawn = DRAWN): readonly Size[] {
  return Array.from({ length: bounds.threads * bounds.each }, (_, index) => sizeOf(index + 1, bounds, seed, few, drawn))
}

function sizeOf(
  size: number,
  { calls, threads, each, isClient }: Bounds,
  seed: number,
  few: number,
  most: number,
): Size {
  const shapes = shapesOf(size, threads, each)
  const count = shapes.reduce((sum, shape) => sum + countOf(shape, calls), 0)
  const drawn = count > few
  if (!drawn && isClient === undefined) {
    return { calls: size, clients: count, explored: count, drawn, members: () => all(shapes, calls) }
  }
  const members = drawn
    ? sample(shapes, calls, most, randomNumbers(seed + size), isClient)
    : [...all(shapes, calls)].filter((threads) => isClient?.(threads) !== false)
  const { length } = members
  const clients = !drawn ? length : isClient === undefined ? count : undefined
  return { calls: size, clients, explored: length, drawn, members: () => members }
}

/** How many calls each thread makes, the largest number first. */
type Shape = readonly number[]

/** Returns the ways to split a number of calls among at most `threads` threads, those with fewer threads first. */
function shapesOf(calls: number, threads: number, each: number): Shape[] {
  const found: Shape[] = []
  const extend = (shape: Shape, left: number): void => {
    if (left === 0) return void found.push(shape)
    if (shape.length === threads) return
    for (let next = Math.min(left, shape.at(-1) ?? each); next > 0; next--) extend([...shape, next], left - next)
  }
  extend([], calls)
  return found.toSorted((one, other) => one.length - other.length)
}

/** Returns the runs of equal numbers in a shape: how many threads make how many calls. */
function groupsOf(shape: Shape): { readonly length: number; readonly threads: number }[] {
  return [...new Set(shape)].map((length) => ({ length, threads: shape.filter((each) => each === length).length }))
}

/** Returns how many clients have a shape. */
function countOf(shape: Shape, calls: number): number {
  return groupsOf(shape).reduce((product, { length, threads }) => product * multisets(calls ** length, threads), 1)
}

/** Returns the number of multisets of `size` elements of `of` kinds. */
function multisets(of: number, size: number): number {
  let count = 1
  for (let taken = 1; taken <= size; taken++) count = (count * (of + taken - 1)) / taken
  return Math.round(count)
}

function* all(shapes: readonly Shape[], calls: number): Iterable<Threads> {
  for (const shape of shapes) yield* extensions([], shape, calls)
}

/** Returns the clients of a shape that begin with these threads. Threads with as many calls are in order. */
function* extensions(threads: Threads, shape: Shape, calls: number): Iterable<Threads> {
  const length = shape[threads.length]
  if (length === undefined) {
    yield threads
    return
  }
  const before = threads.at(-1)
  const first = before?.length === length ? before : Array.from({ length }, () => 0)
  for (let next: readonly number[] | undefined = first; next !== undefined; next = after(next, calls)) {
    yield* extensions([...threads, next], shape, calls)
  }
}

/** Returns the sequence of calls that comes after another one of the same length; undefined after the last one. */
function after(sequence: readonly number[], calls: number): readonly number[] | undefined {
  const at = sequence.findLastIndex((call) => call < calls - 1)
  if (at < 0) return undefined
  return sequence.map((call, index) => (index < at ? call : index === at ? call + 1 : 0))
}

/** Draws clients. Each shape is drawn as often as it has clients. */
function sample(
  shapes: readonly Shape[],
  calls: number,
  count: number,
  random: () => number,
  isClient: Bounds['isClient'],
): readonly Threads[] {
  const weights = shapes.map((shape) => countOf(shape, calls))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const found = new Map<string, Threads>()
  // Few of many are drawn, so a client is seldom drawn twice. But there may be few.
  for (let tries = 0; found.size < count && tries < 100 * count; tries++) {
    let left = random() * total
    const shape = shapes.find((_, index) => (left -= weights[index]!) < 0) ?? shapes[0]!
    const threads = shape
      .map((length) => Array.from({ length }, () => Math.floor(random() * calls)))
      .toSorted((one, other) => other.length - one.length || compare(one, other))
    if (isClient?.(threads) !== false) found.set(threads.join('/'), threads)
  }
  return [...found.values()].toSorted((one, other) => one.length - other.length)
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((call, index) => call !== other[index])
  return at < 0 ? 0 : one[at]! - other[at]!
}
