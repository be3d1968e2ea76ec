/** Divides a width among columns. */

/**
 * Divides `total` among columns, and returns the share of each. No column gets more than its entry in `wanted`. If there is too
 * little for all, the columns that get less than they want get equal shares, up to rounding.
 */
export function shares(wanted: readonly number[], total: number): number[] {
  const given = wanted.map(() => 0)
  let left = total
  // In ascending order of what they want: what a column does not take of its equal share is divided among the rest.
  const order = wanted.map((_, index) => index).toSorted((one, other) => (wanted[one] ?? 0) - (wanted[other] ?? 0))
  for (const [done, index] of order.entries()) {
    const share = Math.min(wanted[index] ?? 0, Math.floor(left / (order.length - done)))
    given[index] = share
    left -= share
  }
  return given
}
