/**
 * Decides how each round is made. The order of two threads in a sample depends on how far they are apart, and no distance is
 * right for all code and all machines, so there are two kinds of rounds:
 *
 * - In a free round the threads sweep through the instances without meeting. They still meet: the thread that is ahead fetches
 *   each cache line from the other core, and the one behind finds it near and catches up. This is the fastest way.
 * - In a gated round they meet at a gate, before every 16th, 4th or 64th sample. Where other processes take the cores, the threads
 *   of a free round run one after the other. Those that spin at a gate are moved to cores of their own in time, so these
 *   rounds are long.
 *
 * Gated rounds get a quarter of the time. Before each sample each thread waits for a random time, from 0 to a bound that changes
 * from round to round.
 */

/** How a round is made. */
export interface Round {
  /** The number of samples. A gated round may end before. */
  readonly count: number
  /** The threads meet before every sample whose number is divisible by this; 0: they meet before the first one only. */
  readonly spacing: number
  /** The bound of the random wait before a sample, in turns of an empty loop: a power of two. */
  readonly delay: number
}

/** How long a round is meant to be, in milliseconds. */
const FREE_MS = 25
export const GATED_MS = 100
const GATED_SHARE = 1 / 4
const SPACINGS = [16, 4, 64] as const
/** The greatest bound of the random wait, as a power of two. */
const MOST_DELAY = 11
/** A round is at most this many times as large as the largest before it. */
const GROWTH = 8

/** The time of one turn of the empty loop, in milliseconds. */
const TURN_MS = 1e-6

interface Kind {
  /** How many rounds of the kind there were. */
  rounds: number
  /** The samples of the largest of them. */
  size: number
  /** The time that they took. */
  ms: number
}

/** Chooses rounds by how long the rounds before took. */
export class Pace {
  readonly #most: number
  readonly #free: Kind = { rounds: 0, size: 0, ms: 0 }
  readonly #gated: Kind = { rounds: 0, size: 0, ms: 0 }
  /** The least time of a sample so far, in milliseconds: what it takes if nothing else takes the cores. */
  #least = Infinity

  /** `most`: the greatest number of samples in a round. */
  constructor(most: number) {
    this.#most = most
  }

  /** Returns the next round. */
  next(): Round {
    const gated = this.#gated.ms < GATED_SHARE * (this.#gated.ms + this.#free.ms)
    const kind = gated ? this.#gated : this.#free
    const nth = kind.rounds
    const delay = 2 ** (nth % (this.#longestDelay() + 1))
    // The first rounds are small, because an actor may take seconds.
    const fitting = this.#least === Infinity ? 1 : (gated ? GATED_MS : FREE_MS) / (this.#least + waitMs(delay))
    return {
      count: Math.max(1, Math.min(this.#most, GROWTH * kind.size, Math.floor(fitting))),
      spacing: gated ? (SPACINGS[nth % SPACINGS.length] as number) : 0,
      delay,
    }
  }

  /**
   * Takes note of how long the round took that `next` returned, in milliseconds: `work` for its `samples`, and `all` with the
   * start of the round, which takes far longer where other processes take the cores.
   */
  took(
    { spacing, delay }: Round,
    samples: number,
    { work, all }: { readonly work: number; readonly all: number },
  ): void {
    const kind = spacing === 0 ? this.#free : this.#gated
    kind.rounds++
    kind.ms += all
    if (samples === 0) return
    kind.size = Math.max(kind.size, samples)
    this.#least = Math.min(this.#least, Math.max(TURN_MS, work / samples - waitMs(delay)))
  }

  /** Returns the power of two that bounds the random wait: waits of up to twice a sample's own time cover every overlap. */
  #longestDelay(): number {
    if (this.#least === Infinity) return 0
    return Math.min(MOST_DELAY, Math.max(4, Math.ceil(Math.log2((2 * this.#least) / TURN_MS))))
  }
}

/** Returns the mean time of the random waits, in milliseconds. */
function waitMs(delay: number): number {
  return (delay / 2) * TURN_MS
}
