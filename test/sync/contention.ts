/** What the jobs and the tests of sync share. */
import { actAs } from '../../src/sync/agent.ts'
import { gather } from '../threads.ts'

export const ROUNDS = 2000
export const EPISODES = 200
/** A time limit, in milliseconds, that no correct run comes near. */
export const LONG = 8000
/** A time limit, in milliseconds, that often runs out. */
export const SHORT = 0.05
/** A value that no primitive writes. */
export const SENTINEL = -77

/** Spends some microseconds, so that other threads come in between. */
export function linger(words: Int32Array, looks: number): void {
  for (let look = 0; look < looks; look++) Atomics.load(words, 0)
}

/** Adds one with a plain read and a plain write, with time in between: without mutual exclusion, updates are lost. */
export function addSlowly(words: Int32Array, at: number): void {
  const before = words[at]!
  linger(words, 20)
  words[at] = before + 1
}

/** Makes the word at least `value`. */
export function raise(words: Int32Array, at: number, value: number): void {
  let seen = Atomics.load(words, at)
  while (seen < value) {
    const before = Atomics.compareExchange(words, at, seen, value)
    if (before === seen) return
    seen = before
  }
}

/**
 * Uses a primitive in many short episodes, each on words of its own. In each episode all threads start together and use the
 * primitive once. No later traffic could wake a forgotten sleeper by chance. Word 0 counts the arrivals; each episode has `size`
 * words, with a sentinel before and after.
 */
export function episodes(words: Int32Array, count: number, size: number, use: (at: number) => void): void {
  for (let episode = 0; episode < EPISODES; episode++) {
    gather(words, 0, (episode + 1) * count)
    use(episodeAt(episode, size))
  }
}

export function episodeAt(episode: number, size: number): number {
  return 2 + episode * (size + 1)
}

/** Returns the words for all episodes: zeros, with sentinels between them. */
export function episodeWords(size: number): Int32Array<SharedArrayBuffer> {
  const words = new Int32Array(new SharedArrayBuffer(4 * episodeAt(EPISODES, size))).fill(SENTINEL)
  words[0] = 0
  for (let episode = 0; episode < EPISODES; episode++)
    words.fill(0, episodeAt(episode, size), episodeAt(episode, size) + size)
  return words
}

/** Returns what the episodes left in their words, without repetition. Throws if a sentinel has changed. */
export function leftBy(words: Int32Array, size: number): string[] {
  const left = new Set<string>()
  for (let episode = 0; episode < EPISODES; episode++) {
    const at = episodeAt(episode, size)
    if (words[at - 1] !== SENTINEL || words[at + size] !== SENTINEL) throw new Error(`Written outside of ${at}`)
    left.add(words.slice(at, at + size).join(' '))
  }
  return [...left]
}

/** Runs the act as another agent. */
export function as<Result>(agent: number, act: () => Result): Result {
  const before = actAs(agent)
  try {
    return act()
  } finally {
    actAs(before)
  }
}
