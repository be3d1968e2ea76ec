/** What the jobs and the tests of sync have in common. */
import { actAs } from '../../src/sync/agent.ts'
import { gather } from '../threads.ts'

export const ROUNDS = 2000
export const EPISODES = 200
/** A time limit that no correct run comes near. */
export const LONG = 8000
/** A time limit that often runs out. */
export const SHORT = 0.05
/** What no primitive writes. */
export const SENTINEL = -77

/** Holds something open for some microseconds. */
export function linger(words: Int32Array, looks: number): void {
  for (let look = 0; look < looks; look++) Atomics.load(words, 0)
}

/** A plain read, an add and a plain write with time in between: only exclusion saves it from losing updates. */
export function addSlowly(words: Int32Array, at: number): void {
  const before = words[at]!
  linger(words, 20)
  words[at] = before + 1
}

/** Raises a high-water mark. */
export function raise(words: Int32Array, at: number, value: number): void {
  let seen = Atomics.load(words, at)
  while (seen < value) {
    const before = Atomics.compareExchange(words, at, seen, value)
    if (before === seen) return
    seen = before
  }
}

/**
 * Many short lives of a primitive, each on words of its own: all threads start together, each uses it, and no traffic comes
 * afterwards that would wake a forgotten sleeper by chance. Word 0 counts the arrivals; each episode has `size` words, with a
 * sentinel before and after.
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

/** The words for episodes: sentinels around zeros. */
export function episodeWords(size: number): Int32Array<SharedArrayBuffer> {
  const words = new Int32Array(new SharedArrayBuffer(4 * episodeAt(EPISODES, size))).fill(SENTINEL)
  words[0] = 0
  for (let episode = 0; episode < EPISODES; episode++)
    words.fill(0, episodeAt(episode, size), episodeAt(episode, size) + size)
  return words
}

/** What each episode left in its words, without repetition; throws when a sentinel has changed. */
export function leftBy(words: Int32Array, size: number): string[] {
  const left = new Set<string>()
  for (let episode = 0; episode < EPISODES; episode++) {
    const at = episodeAt(episode, size)
    if (words[at - 1] !== SENTINEL || words[at + size] !== SENTINEL) throw new Error(`Written outside of ${at}`)
    left.add(words.slice(at, at + size).join(' '))
  }
  return [...left]
}

/** Does something as another agent. */
export function as<Result>(agent: number, act: () => Result): Result {
  const before = actAs(agent)
  try {
    return act()
  } finally {
    actAs(before)
  }
}
