/** The interval in which the share of an outcome lies, as far as the samples show. */

/** The standard normal quantile of 97.5 %, for an interval of 95 %. */
const Z = 1.959963984540054

/** A share between 0 and 1, with its interval. */
export interface Share {
  readonly share: number
  /** The ends of the interval of 95 %. */
  readonly low: number
  readonly high: number
}

/**
 * Returns `count / total` with its interval of 95 %. The interval is Wilson's: unlike the usual one it is right for shares near
 * 0 and 1, and never leaves them. It takes the samples for independent, and samples of one round are not quite.
 *
 * Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927.
 */
export function wilson(count: number, total: number): Share {
  if (total === 0) return { share: 0, low: 0, high: 1 }
  const share = count / total
  const squared = Z ** 2 / total
  const middle = (share + squared / 2) / (1 + squared)
  const half = (Z / (1 + squared)) * Math.sqrt((share * (1 - share) + squared / 4) / total)
  return {
    share,
    low: count === 0 ? 0 : Math.max(0, middle - half),
    high: count === total ? 1 : Math.min(1, middle + half),
  }
}
